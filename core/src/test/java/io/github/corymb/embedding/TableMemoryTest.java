package io.github.corymb.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.InputException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableMemoryTest {

    @Test
    void aTableAtItsBoundSaysWhatToDo() {
        TableSpec spec = new TableSpec("1MB", null, null, null, null, null, null, null, null);
        TableSpecs specs = new TableSpecs(Map.of("movie_id", spec), MemoryBound.none());
        try (EmbeddingTable table = new EmbeddingTable("movie_id", 16, EmbeddingSpec.standard(), specs, 1)) {
            String message = assertThrows(InputException.class, () -> fill(table, 1_000_000))
                    .getMessage();
            assertEquals(
                    "tables.movie_id.memory: expected at most 1.0 MB, found that table 'movie_id' needs more; raise"
                        + " it, admit fewer keys (tables.movie_id.admission), or let rows go (tables.movie_id.expiry, "
                        + "tables.movie_id.trim)",
                    message);
            assertTrue(table.size() <= (1 << 20) + 4096, "the bound and a directory: " + table.size());
            assertTrue(table.rowCount() > 5000, "rows that fit: " + table.rowCount());
        }
    }

    @Test
    void allTablesShareABoundAndGiveBackWhatTheyHad() {
        MemoryBound bound = new MemoryBound("train.table_memory", 2 << 20);
        TableSpecs specs = new TableSpecs(Map.of(), bound);
        try (EmbeddingTable first = new EmbeddingTable("a", 16, EmbeddingSpec.standard(), specs, 1)) {
            fill(first, 4_000);
            EmbeddingTable second = new EmbeddingTable("b", 16, EmbeddingSpec.standard(), specs, 1);
            String message = assertThrows(InputException.class, () -> fill(second, 1_000_000))
                    .getMessage();
            assertTrue(
                    message.startsWith("train.table_memory: expected at most 2.0 MB, found that table 'b'"), message);
            second.close();
            assertEquals(first.memory().size(), bound.size());
        }
        assertEquals(0, bound.size());
    }

    @Test
    void aBoundTooSmallForAnyRowIsRefusedAtOnce() {
        TableSpecs specs = new TableSpecs(
                Map.of("t", new TableSpec("10KB", null, null, null, null, null, null, null, null)), MemoryBound.none());
        assertThrows(
                InputException.class, () -> new EmbeddingTable("t", 16, EmbeddingSpec.standard(), specs, 1).close());
    }

    @Test
    void rowsThatAreGivenUpMakeRoom() {
        TableSpec spec = new TableSpec("3MB", null, null, new TrimSpec(2_000L, null), null, null, null, null, null);
        TableSpecs specs = new TableSpecs(Map.of("t", spec), MemoryBound.none());
        try (EmbeddingTable table = new EmbeddingTable("t", 16, EmbeddingSpec.standard(), specs, 1)) {
            for (int round = 0; round < 50; round++) {
                for (int i = 0; i < 2_000; i++) {
                    table.row(1L + round * 2_000L + i, true);
                }
                table.evict(round, java.time.Instant.EPOCH);
                table.forgetEvicted(round);
            }
            assertEquals(2_000, table.rowCount());
            assertEquals(49 * 2_000, table.tally().trimmedCount());
        }
    }

    private static void fill(EmbeddingTable table, int count) {
        for (int i = 1; i <= count; i++) {
            table.row(i, true);
        }
    }
}
