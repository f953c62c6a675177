package io.github.corymb.embedding;

import static io.github.corymb.embedding.Batches.buffer;
import static io.github.corymb.embedding.Batches.field;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.Field;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {

    private static final long SEED = 12;
    private static final List<Field> FIELDS = List.of(field("f", "t", 3, Pooling.SUM), field("g", "u", 1, Pooling.SUM));
    private static final EmbeddingSpec ADAGRAD = EmbeddingSpec.standard();
    private static final TableSpecs SPECS = new TableSpecs(
            Map.of(
                    "t",
                    new TableSpec(
                            null,
                            new AdmissionSpec.Count(2, 3_000, null),
                            new ExpirySpec(40L, 1.0),
                            new TrimSpec(9_000L, TrimSpec.Keep.FREQUENT),
                            7,
                            null,
                            null,
                            null,
                            null)),
            MemoryBound.none());

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5})
    void aSnapshotTakenWhileTheTableLearnsIsTheTableAsItWasWhenFrozen(int roundCount) throws Exception {
        Path snapshots = Files.createDirectory(folder.resolve("snapshot"));
        Path direct = Files.createDirectory(folder.resolve("direct"));
        try (EmbeddingTables tables = tables();
                ExecutorService writer = Executors.newSingleThreadExecutor()) {
            train(tables, 1, 60);
            try (TablesSnapshot snapshot = tables.snapshot(snapshots, true)) {
                Future<?> copied = writer.submit(() -> {
                    snapshot.copy();
                    return null;
                });
                int step = 61;
                while (!copied.isDone() || step < 80) {
                    train(tables, step, step);
                    step++;
                }
                copied.get();
                for (int round = 0; round < roundCount; round++) {
                    snapshot.mark();
                    Future<?> caughtUp = writer.submit(snapshot::catchUp);
                    int last = step + 3;
                    while (!caughtUp.isDone() || step < last) {
                        train(tables, step, step);
                        step++;
                    }
                    caughtUp.get();
                }
                snapshot.freeze();
                tables.write(direct, true);
                Future<?> finished = writer.submit(() -> {
                    snapshot.finish();
                    return null;
                });
                train(tables, step, step + 20);
                finished.get();
            }
            assertSame(direct, snapshots);
        }
    }

    @Test
    void roundsEndOnceLittleChanges() throws IOException {
        try (EmbeddingTables tables = new EmbeddingTables(FIELDS, ADAGRAD, SEED, 2)) {
            long[][][] keys = new long[2][400_000][1];
            for (int b = 0; b < keys[0].length; b++) {
                keys[0][b][0] = b + 1L;
            }
            tables.gather(Batches.of(keys), buffer(400_000 * tables.width()), true);
            tables.update(buffer(new float[400_000 * tables.width()]), 1, 1);
            try (TablesSnapshot snapshot = tables.snapshot(folder, true)) {
                snapshot.copy();
                snapshot.mark();
                snapshot.catchUp(); // all 400,000 rows of some 40 bytes were touched by the step that was over
                assertTrue(snapshot.mayShrink());
                snapshot.mark();
                snapshot.catchUp(); // the same rows, since they were touched by the step of the mark, and no page
                assertTrue(snapshot.mayShrink());
                snapshot.mark();
                snapshot.catchUp();
                assertFalse(snapshot.mayShrink(), "no less than before");
                tables.gather(Batches.of(new long[][][] {{{1}}, {{0}}}), buffer(tables.width()), true);
                tables.update(buffer(new float[tables.width()]), 1, 2);
                snapshot.mark();
                snapshot.catchUp(); // since the step of the mark before, thus all
                snapshot.mark();
                snapshot.catchUp();
                assertFalse(snapshot.mayShrink(), "one row");
            }
        }
    }

    @Test
    void rowsThatBeginAnewAfterTheMarkAreWrittenAnew() throws IOException {
        TableSpec anew = new TableSpec(null, null, null, null, null, null, true, null, null, null);
        TableSpecs specs = new TableSpecs(Map.of("t", anew, "u", anew), MemoryBound.none());
        Path snapshots = Files.createDirectory(folder.resolve("snapshot"));
        Path direct = Files.createDirectory(folder.resolve("direct"));
        try (EmbeddingTables tables = new EmbeddingTables(FIELDS, ADAGRAD, specs, SEED, 2)) {
            train(tables, 1, 30);
            try (TablesSnapshot snapshot = tables.snapshot(snapshots, true)) {
                snapshot.copy();
                snapshot.mark();
                snapshot.catchUp();
                tables.beginEpoch();
                snapshot.freeze();
                snapshot.finish();
            }
            tables.write(direct, true);
        }
        assertSame(direct, snapshots);
    }

    @Test
    void withoutStateASnapshotServesTheSameRows() throws Exception {
        try (EmbeddingTables tables = tables()) {
            train(tables, 1, 30);
            try (TablesSnapshot snapshot = tables.snapshot(folder, false)) {
                train(tables, 31, 33);
                snapshot.copy();
                train(tables, 34, 50);
                snapshot.freeze();
                List<Long> keys = new ArrayList<>();
                List<float[]> rows = new ArrayList<>();
                EmbeddingTable table = tables.tables().getFirst();
                table.forEachRow((key, weights) -> {
                    keys.add(key);
                    rows.add(Batches.array(weights));
                });
                train(tables, 51, 52);
                snapshot.finish();
                try (FrozenTables frozen = FrozenTables.open(folder, FIELDS)) {
                    frozen.verify();
                    FrozenTable read = frozen.tables().getFirst();
                    assertEquals(keys.size() - 1, read.rowCount());
                    assertEquals(50, read.step());
                    for (int i = 0; i < rows.size(); i++) {
                        assertArrayEquals(rows.get(i), Batches.array(read.weights(keys.get(i))));
                    }
                }
            }
        }
    }

    @Test
    void aFullTableAndItsIncrementsAreTheTableToTheBit() throws IOException {
        Path base = Files.createDirectory(folder.resolve("base"));
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Path whole = Files.createDirectory(folder.resolve("whole"));
        Path restored = Files.createDirectory(folder.resolve("restored"));
        try (EmbeddingTables tables = tables()) {
            train(tables, 1, 60);
            tables.write(base, true);
            train(tables, 61, 64);
            tables.writeIncrement(first, 60);
            train(tables, 65, 100);
            tables.writeIncrement(second, 64);
            assertTrue(Files.size(first.resolve("u.rows")) < Files.size(base.resolve("u.rows")) / 4);
            try (EmbeddingTables again = open(base, first, second)) {
                assertEquals(100, again.step());
                train(tables, 101, 130);
                train(again, 101, 130);
                tables.writeIncrement(whole, -1); // all rows by their numbers, without the index
                again.writeIncrement(restored, -1);
                for (String file : List.of("t.rows", "u.rows")) {
                    assertEquals(-1, Files.mismatch(whole.resolve(file), restored.resolve(file)), file);
                }
            }
        }
    }

    @Test
    void anIncrementOverTheWrongTableIsRefused() throws IOException {
        Path base = Files.createDirectory(folder.resolve("base"));
        Path late = Files.createDirectory(folder.resolve("late"));
        try (EmbeddingTables tables = tables()) {
            train(tables, 1, 3);
            tables.write(base, true);
            train(tables, 4, 6);
            tables.writeIncrement(late, 5);
        }
        assertEquals(
                "%s: expected an increment since step 3, as %s has, found one since step 5"
                        .formatted(late.resolve("t.rows"), base.resolve("t.rows")),
                assertThrows(InputException.class, () -> open(base, late)).getMessage());
        assertEquals(
                "%s: expected an increment since step 3, as %s has, found a full table"
                        .formatted(base.resolve("t.rows"), base.resolve("t.rows")),
                assertThrows(InputException.class, () -> open(base, base)).getMessage());
        assertEquals(
                late.resolve("t.rows") + ": expected a full table, found an increment",
                assertThrows(InputException.class, () -> open(late)).getMessage());
        assertEquals(
                late.resolve("t.rows") + ": expected a full table, found an increment",
                assertThrows(InputException.class, () -> FrozenTables.open(late, FIELDS))
                        .getMessage());
    }

    @Test
    void aTableIsNotClosedUnderItsSnapshot() throws IOException {
        EmbeddingTables tables = tables();
        train(tables, 1, 2);
        try (TablesSnapshot _ = tables.snapshot(folder, true)) {
            assertThrows(IllegalStateException.class, tables::close);
        }
        tables.close();
        assertFalse(Files.exists(folder.resolve("t.rows.part")));
        assertFalse(Files.exists(folder.resolve("t.rows")));
    }

    @Test
    void aDamagedBlockIsNamed() throws IOException {
        try (EmbeddingTables tables = tables()) {
            train(tables, 1, 60);
            tables.write(folder, true);
        }
        Path file = folder.resolve("t.rows");
        byte[] whole = Files.readAllBytes(file);
        RowBlock block = new RowBlock(Slabs.SLAB_ROWS, 24, true, true);
        int head = 192;
        int rowBlockCount;
        int rowCount;
        try (FrozenTables frozen = FrozenTables.open(folder, FIELDS)) {
            rowCount = 1 + frozen.tables().getFirst().rowCount();
            rowBlockCount = Math.ceilDiv(rowCount, Slabs.SLAB_ROWS);
        }
        assertTrue(rowBlockCount > 2, "several blocks: " + rowCount);
        long secondBlock = head + block.size() + 1000;
        assertEquals("the checksum of its block 1, of rows 2,048 to 4,095 is wrong", damage(file, whole, secondBlock));
        long full = (long) (rowCount / Slabs.SLAB_ROWS) * block.size();
        assertEquals("the checksum of page 0 of its index is wrong", damage(file, whole, head + full + 100));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskLeavesTheLastFileAsItWas() throws IOException {
        try (EmbeddingTables tables = tables()) {
            train(tables, 1, 20);
            tables.write(folder, true);
            byte[] good = Files.readAllBytes(folder.resolve("t.rows"));
            train(tables, 21, 22);
            Path part = folder.resolve("t.rows.part");
            Files.createSymbolicLink(part, Path.of("/dev/full")); // takes nothing
            String message = assertThrows(IOException.class, () -> tables.write(folder, true))
                    .getMessage();
            assertTrue(message.contains("No space left on device"), message);
            assertFalse(Files.exists(part), "nothing lies beside it");
            assertArrayEquals(good, Files.readAllBytes(folder.resolve("t.rows")));
            tables.write(folder, true); // and the next one is written
        }
    }

    private static String damage(Path file, byte[] whole, long at) throws IOException {
        byte[] altered = whole.clone();
        altered[(int) at] ^= 1;
        Files.write(file, altered);
        String message =
                assertThrows(InputException.class, () -> open(file.getParent())).getMessage();
        return message.substring(message.indexOf("found that ") + "found that ".length());
    }

    /// Reads both, and writes them the same way.
    private void assertSame(Path one, Path other) throws IOException {
        List<Path> rewritten = new ArrayList<>();
        for (Path each : List.of(one, other)) {
            Path target = Files.createTempDirectory(folder, "rewritten");
            try (EmbeddingTables tables = open(each)) {
                tables.write(target, true);
            }
            rewritten.add(target);
        }
        for (String file : List.of("t.rows", "u.rows")) {
            assertEquals(
                    -1,
                    Files.mismatch(
                            rewritten.getFirst().resolve(file),
                            rewritten.getLast().resolve(file)),
                    file);
        }
    }

    private static EmbeddingTables tables() {
        return new EmbeddingTables(FIELDS, ADAGRAD, SPECS, SEED, 2);
    }

    private static EmbeddingTables open(Path base, Path... increments) throws IOException {
        return EmbeddingTables.open(base, List.of(increments), FIELDS, ADAGRAD, SPECS, SEED, 2);
    }

    private static void train(EmbeddingTables tables, int first, int last) {
        for (int step = first; step <= last; step++) {
            SplittableRandom random = new SplittableRandom(step);
            int rowCount = 500;
            long[][][] keys = new long[2][rowCount][1];
            for (int b = 0; b < rowCount; b++) {
                long common = random.nextLong(1, 3_000);
                keys[0][b][0] = random.nextBoolean() ? common : random.nextLong(1, 20_000);
                keys[1][b][0] = random.nextLong(1, 50_000);
            }
            tables.gather(Batches.of(keys), buffer(rowCount * tables.width()), true);
            tables.update(buffer(Batches.gradient(random, rowCount, tables.width())), 1, step);
            tables.evict(false, Instant.ofEpochSecond(step * 3600L));
        }
    }
}
