package io.github.corymb;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Where a value stands in an experiment file: keys of mappings and indexes of lists, from the root.
record KeyPath(List<String> segments) {

    static final KeyPath ROOT = new KeyPath(List.of());

    private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");
    private static final Pattern BRACKETS = Pattern.compile("\\[([0-9]{1,9})]");

    KeyPath {
        segments = List.copyOf(segments);
    }

    /// Reads `model.expert[1]` or `model.expert.1`.
    static KeyPath parse(String text) {
        return new KeyPath(List.of(BRACKETS.matcher(text).replaceAll(".$1").split("\\.", -1)));
    }

    static boolean isIndex(String segment) {
        return INDEX.matcher(segment).matches();
    }

    KeyPath child(String segment) {
        List<String> longer = new ArrayList<>(segments);
        longer.add(segment);
        return new KeyPath(longer);
    }

    KeyPath join(KeyPath end) {
        List<String> longer = new ArrayList<>(segments);
        longer.addAll(end.segments);
        return new KeyPath(longer);
    }

    KeyPath parent() {
        return new KeyPath(segments.subList(0, segments.size() - 1));
    }

    String last() {
        return segments.getLast();
    }

    boolean isRoot() {
        return segments.isEmpty();
    }

    /// Like `model.expert[1]`.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String segment : segments) {
            if (isIndex(segment)) {
                text.append('[').append(segment).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(segment);
            }
        }
        return text.toString();
    }
}
