package io.github.corymb.bench;

/// Whose rows a field looks up.
enum TableSharing {
    /// All fields draw from all rows of one table.
    ONE_TABLE("one table"),
    /// Each field has a table of its own, of an equal part of the rows.
    TABLE_A_FIELD("a table a field");

    private final String title;

    TableSharing(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /// The table of a field, counted from 0.
    String tableOf(int field) {
        return this == ONE_TABLE ? "key" : "key" + field;
    }
}
