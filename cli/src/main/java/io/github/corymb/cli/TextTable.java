package io.github.corymb.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A table for people: columns padded to one width, the first one to the left and numbers to the right.
final class TextTable {

    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... header) {
        this.header = List.of(header);
    }

    TextTable(List<String> header) {
        this.header = List.copyOf(header);
    }

    void row(String... cells) {
        row(Arrays.asList(cells));
    }

    void row(List<String> cells) {
        assert cells.size() == header.size() : cells.size() + " cells for " + header.size() + " columns";
        rows.add(List.copyOf(cells));
    }

    /// The table as aligned text, with a rule under its header.
    String text() {
        int[] widths = widths();
        StringBuilder text = new StringBuilder();
        appendLine(text, header, widths);
        int total = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1);
        text.append("─".repeat(total)).append('\n');
        rows.forEach(row -> appendLine(text, row, widths));
        return text.toString();
    }

    /// The table as Markdown.
    String markdown() {
        StringBuilder text = new StringBuilder("| " + String.join(" | ", header) + " |\n|");
        for (int column = 0; column < header.size(); column++) {
            text.append(column == 0 ? "---|" : "---:|");
        }
        text.append('\n');
        rows.forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
        return text.toString();
    }

    private int[] widths() {
        int[] widths = new int[header.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = header.get(column).length();
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    private static void appendLine(StringBuilder text, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String padding = " ".repeat(widths[column] - cells.get(column).length());
            line.append(column == 0 ? cells.get(column) + padding : GAP + padding + cells.get(column));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
