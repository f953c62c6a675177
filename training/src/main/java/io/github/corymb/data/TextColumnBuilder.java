package io.github.corymb.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gathers a [TextColumn] of each split, with one dictionary for all.
final class TextColumnBuilder {

    private final String name;
    private final Map<String, Integer> codeOf = new HashMap<>();
    private final List<String> values = new ArrayList<>();
    private final int[][] codes = new int[Split.values().length][16];
    private final int[] rowCounts = new int[Split.values().length];

    TextColumnBuilder(String name) {
        this.name = name;
    }

    void add(int split, String text) {
        String value = text == null ? "NULL" : text;
        int code = codeOf.computeIfAbsent(value, added -> {
            values.add(added);
            return values.size() - 1;
        });
        if (rowCounts[split] == codes[split].length) {
            codes[split] = Arrays.copyOf(codes[split], codes[split].length * 2);
        }
        codes[split][rowCounts[split]++] = code;
    }

    TextColumn finish(Split split) {
        return new TextColumn(
                name, List.copyOf(values), Arrays.copyOf(codes[split.index()], rowCounts[split.index()]));
    }
}
