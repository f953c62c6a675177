package io.github.corymb.embedding;

import java.util.Map;

/// How the rows of each table come and go and are stored, and the bound on the memory of all.
///
/// @param byTable specs of tables by name; others have the standard one
/// @param bound shared by all tables that are made with it
/// @param storage of the tables whose spec says none
public record TableSpecs(Map<String, TableSpec> byTable, MemoryBound bound, TableStorage storage) {

    public TableSpecs {
        byTable = Map.copyOf(byTable);
    }

    /// Of tables that are stored as floats where their spec says nothing else.
    public TableSpecs(Map<String, TableSpec> byTable, MemoryBound bound) {
        this(byTable, bound, TableStorage.FLOAT32);
    }

    /// Every key gets a row and keeps it.
    public static TableSpecs standard() {
        return new TableSpecs(Map.of(), MemoryBound.none());
    }

    TableSpec of(String table) {
        TableSpec own = byTable.get(table);
        String first = WidthsSpec.first(table);
        if (own == null && first != null && narrow(first) > 0) {
            return byTable.get(first).further();
        }
        return own == null ? TableSpec.standard() : own;
    }

    /// How many columns the rows of all keys have in a table whose rows differ in width; 0 in others.
    int narrow(String table) {
        TableSpec own = byTable.get(table);
        return own == null || own.widths() == null ? 0 : own.widths().narrow();
    }

    Storage storage(String table) {
        TableStorage own = of(table).storage();
        return (own == null ? storage : own).storage();
    }

    TableMemory memory(String table) {
        return new TableMemory(table, of(table).hashing() != null, of(table).bound(table), bound);
    }
}
