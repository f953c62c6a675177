package io.github.corymb.embedding;

import java.util.Map;

/// How the rows of each table come and go, and the bound on the memory of all.
///
/// @param byTable specs of tables by name; others have the standard one
/// @param bound shared by all tables that are made with it
public record TableSpecs(Map<String, TableSpec> byTable, MemoryBound bound) {

    public TableSpecs {
        byTable = Map.copyOf(byTable);
    }

    /// Every key gets a row and keeps it.
    public static TableSpecs standard() {
        return new TableSpecs(Map.of(), MemoryBound.none());
    }

    TableSpec of(String table) {
        return byTable.getOrDefault(table, TableSpec.standard());
    }

    TableMemory memory(String table) {
        return new TableMemory(table, of(table).bound(table), bound);
    }
}
