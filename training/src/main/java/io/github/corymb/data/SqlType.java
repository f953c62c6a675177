package io.github.corymb.data;

import java.util.Set;

/// A DuckDB type, by what becomes of it here.
enum SqlType {
    BOOLEAN,
    INTEGER,
    WIDE_INTEGER,
    FRACTION,
    TEXT,
    TIME,
    LIST,
    OTHER;

    private static final Set<String> INTEGERS =
            Set.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER");
    private static final Set<String> WIDE_INTEGERS = Set.of("UBIGINT", "HUGEINT", "UHUGEINT");

    static SqlType of(String name) {
        if (name.endsWith("]")) {
            return LIST;
        }
        String base = name.replaceAll("\\(.*", "").strip();
        if (base.equals("BOOLEAN")) {
            return BOOLEAN;
        } else if (INTEGERS.contains(base)) {
            return INTEGER;
        } else if (WIDE_INTEGERS.contains(base)) {
            return WIDE_INTEGER;
        } else if (base.equals("FLOAT") || base.equals("DOUBLE") || base.equals("DECIMAL")) {
            return FRACTION;
        } else if (base.equals("VARCHAR") || base.equals("ENUM") || base.equals("UUID") || base.equals("JSON")) {
            return TEXT;
        }
        return base.startsWith("TIMESTAMP") || base.equals("DATE") ? TIME : OTHER;
    }

    /// The type of a list's entries.
    static String entryOf(String listName) {
        return listName.substring(0, listName.lastIndexOf('['));
    }

    boolean isNumber() {
        return this == INTEGER || this == WIDE_INTEGER || this == FRACTION;
    }
}
