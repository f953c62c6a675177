package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.feature.ColumnBuilder;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.FeatureRows;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Rows of a request, `{COLUMN: VALUE, ...}` each, read straight into columns. A column that a row lacks is NULL in it.
/// One thread.
final class JsonRows {

    private static final int ROW_COUNT_EXPECTED = 8; // few, since a row may have a great many columns

    private final JsonReader json;
    private final String aside;
    private final Map<String, ColumnBuilder> columns = new LinkedHashMap<>();
    private int rowCount;

    /// @param aside a key that is no column; null for none
    JsonRows(JsonReader json, String aside) {
        this.json = json;
        this.aside = aside;
    }

    /// Reads the next row.
    ///
    /// @param key whose value is wanted beside, be it a column or not; null for none
    /// @return that value, or null
    JsonNode add(String place, String key) throws IOException {
        JsonNode[] wanted = new JsonNode[1];
        int row = rowCount++;
        FeatureRows.requireUnderLimit(columns.size(), rowCount);
        json.entries(place, name -> {
            boolean isWanted = name.equals(key);
            if (isWanted) {
                requireOnce(name, wanted[0] == null);
                wanted[0] = json.node();
            }
            if (!name.equals(aside)) {
                add(name, row, isWanted ? wanted[0] : null);
            } else if (!isWanted) {
                json.skip();
            }
        });
        return wanted[0];
    }

    /// @param node the value where it was read already, or null
    private void add(String name, int row, JsonNode node) throws IOException {
        ColumnBuilder column = columns.get(name);
        if (column == null) {
            column = column(name);
        }
        requireOnce(name, column.rowCount() <= row);
        try {
            column.addNullsTo(row);
            if (node == null) {
                json.addTo(column);
            } else {
                column.add(RankBody.JSON.treeToValue(node, Object.class));
            }
        } catch (InputException problem) {
            throw new InputException("column '%s': %s".formatted(name, problem.getMessage()), problem);
        }
    }

    private static void requireOnce(String name, boolean isFirst) {
        if (!isFirst) {
            throw new InputException("column '%s': expected once, found twice".formatted(name));
        }
    }

    private ColumnBuilder column(String name) {
        FeatureRows.requireUnderLimit(columns.size() + 1, rowCount);
        ColumnBuilder column = new ColumnBuilder(Math.max(ROW_COUNT_EXPECTED, rowCount));
        columns.put(name, column);
        return column;
    }

    FeatureRows build() {
        FeatureRows rows = FeatureRows.of(rowCount);
        columns.forEach((name, column) ->
                rows.column(name, rowCount, column.addNullsTo(rowCount).build()));
        return rows;
    }
}
