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
        return byTable.getOrDefault(table, TableSpec.standard());
    }

    Storage storage(String table) {
        TableStorage own = of(table).storage();
        return (own == null ? storage : own).storage();
    }

    TableMemory memory(String table) {
        return new TableMemory(table, of(table).hashing() != null, of(table).bound(table), bound);
    }
}
