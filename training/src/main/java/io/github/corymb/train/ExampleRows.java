package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.bundle.Examples;
import io.github.corymb.data.SampleRows;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Users and items of an experiment's data, to try an exported bundle with.
final class ExampleRows {

    private static final int ROW_LIMIT = 2_000; // that are looked at
    private static final int CONTEXT_COUNT = 5;
    private static final int ITEM_COUNT = 20;

    private ExampleRows() {}

    /// The newest rows of different users and of different items where rows are split by time, otherwise any.
    ///
    /// @throws io.github.corymb.feature.InputException where the data cannot be read any more
    static Examples read(Experiment experiment, FeatureSchema schema) {
        List<Map<String, Object>> rows = SampleRows.read(experiment.data(), experiment.folder(), schema, ROW_LIMIT);
        return new Examples(
                different(rows, schema, Side.USER, CONTEXT_COUNT), different(rows, schema, Side.ITEM, ITEM_COUNT));
    }

    /// The first rows, without those like an earlier one: of the same user or item where a categorical feature tells,
    /// else with the same values.
    private static List<Map<String, Object>> different(
            List<Map<String, Object>> rows, FeatureSchema schema, Side named, int limit) {
        List<String> columns = schema.columns(named == Side.ITEM);
        List<String> identity = schema.features().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Feature.Categorical one && one.side() == named)
                .map(entry -> entry.getValue().columnOr(entry.getKey()))
                .limit(1)
                .toList();
        Collection<String> telling = identity.isEmpty() ? columns : identity;
        Set<List<Object>> seen = new HashSet<>();
        List<Map<String, Object>> chosen = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            List<Object> likeness = new ArrayList<>();
            telling.forEach(column -> likeness.add(row.get(column)));
            if (!columns.isEmpty() && chosen.size() < limit && seen.add(likeness)) {
                Map<String, Object> values = new LinkedHashMap<>();
                columns.forEach(column -> values.put(column, row.get(column)));
                chosen.add(values);
            }
        }
        return chosen;
    }
}
