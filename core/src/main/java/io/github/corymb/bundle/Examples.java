package io.github.corymb.bundle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A few rows to try a bundle with, as `examples.json` holds them: values by column, as a request gives them (numbers,
/// texts, lists of such, or null).
///
/// @param contexts users with their context, the columns of one request each
/// @param items the columns of an item each
public record Examples(List<Map<String, Object>> contexts, List<Map<String, Object>> items) {

    public static final int CONTEXT_COUNT_LIMIT = 20;
    public static final int ITEM_COUNT_LIMIT = 100;

    /// Bytes of `examples.json`.
    public static final int SIZE_LIMIT = 1 << 20;

    /// @throws IllegalArgumentException where there are more rows than the limits
    public Examples {
        contexts = rows("contexts", contexts, CONTEXT_COUNT_LIMIT);
        items = rows("items", items, ITEM_COUNT_LIMIT);
    }

    private static List<Map<String, Object>> rows(String key, List<Map<String, Object>> rows, int limit) {
        if (rows == null) {
            throw new IllegalArgumentException(key + ": expected rows, found nothing");
        }
        if (rows.size() > limit) {
            throw new IllegalArgumentException(
                    "%s: expected at most %d rows, found %d".formatted(key, limit, rows.size()));
        }
        return rows.stream()
                .map(row -> Collections.unmodifiableMap(new LinkedHashMap<>(row)))
                .toList();
    }
}
