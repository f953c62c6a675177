package io.github.corymb.data;

/// Text that is safe to stand in a statement.
final class Sql {

    private Sql() {}

    /// A string literal.
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /// A quoted identifier.
    static String name(String column) {
        return "\"" + column.replace("\"", "\"\"") + "\"";
    }

    /// An expression in brackets; the line break ends a comment the user may have written after it.
    static String bracketed(String expression) {
        return "(" + expression + "\n)";
    }
}
