package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.corymb.feature.InputException;
import io.github.corymb.tensor.NativeMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each suite at a size of no meaning: what it leaves, and that a peer is asked where there is one.
class SuitesTest {

    private static final String ANSWERS_TEN = "echo ready; while read question; do echo 10; done";
    private static final TableSuite.Size FEW_ROWS = new TableSuite.Size(400, 4, 8, 16, 2);

    @TempDir
    private Path folder;

    /// Of 40 training rows, in batches of 8: 5 steps an epoch.
    private Path experiment() throws IOException {
        return Files.writeString(folder.resolve("tiny.yaml"), """
            name: tiny
            data:
              source: >
                SELECT i % 7 AS user_id, j AS moment, j % 2 AS click
                FROM range(60) AS a(i) POSITIONAL JOIN range(60) AS b(j)
              split: {by: time, column: moment, validation: 0.167, test: 0.167}
              cache: false
            features:
              user_id: {type: categorical, side: user, dimension: 4}
            tasks:
              click: {type: binary, label: click}
            model: {type: mmoe, experts: 2, expert: [4], tower: [2]}
            train: {epochs: 2, batch: 8, threads: 1}
            """);
    }

    private static Session run(Suite suite, Session session) throws Exception {
        session.begin(suite);
        suite.run(session);
        session.figures().forEach(figure -> {
            assertEquals(suite.name(), figure.suite());
            assertTrue(figure.low() > 0 && figure.low() <= figure.median() && figure.median() <= figure.high());
        });
        return session;
    }

    @Test
    void graphComparesTheUserOnceAndEightBits() throws Exception {
        GraphSuite.Size small = new GraphSuite.Size(
                "small", GraphSuite.Size.mmoe(List.of(64, 32), 16), 2, List.of(40, 8), List.of(40, 8));
        Session session = run(new GraphSuite(List.of(small), List.of(3), 2), Sessions.alone(1));
        assertEquals(
                List.of(
                        "float32, a row of the user an item",
                        "float32, the user once",
                        "int8, a row of the user an item",
                        "int8, the user once"),
                session.figures().stream().map(Figure::contender).toList());
        assertEquals(2, session.notes().size());
    }

    @Test
    void tablesComparesBothWaysOfSharingWithTheLimit() throws Exception {
        Session session = run(new TableSuite(FEW_ROWS), Sessions.alone(1));
        int threads = Runtime.getRuntime().availableProcessors();
        List<String> contenders = List.of(
                "plain copy of the same bytes, %d threads".formatted(threads),
                "Corymb, %d threads".formatted(threads),
                "Corymb, 1 thread",
                "plain copy of the same bytes, 1 thread");
        assertEquals(contenders, Sessions.contenders(session).subList(0, 4));
        assertEquals(contenders, Sessions.contenders(session).subList(4, 8));
        for (TableSharing sharing : TableSharing.values()) {
            String against = "%s, Corymb, %d threads against one".formatted(sharing.title(), threads);
            assertTrue(Sessions.note(session, against).endsWith(" ×"), against);
            String floats = (8 + 1) * Float.BYTES + " hold its floats and its accumulator";
            assertTrue(Sessions.note(session, sharing.title() + ", memory").endsWith(floats));
        }
    }

    @Test
    void tablesAsksPyTorchForTheSameRows() throws Exception {
        assumeTrue(Sessions.hasShell());
        Sessions.script(
                folder, "sparse_embedding.py", "wc -c < $1 > " + folder.resolve("bytes-$2-$3-$4-$5"), ANSWERS_TEN);
        Session session = run(new TableSuite(FEW_ROWS), Sessions.withPeers(1, folder));
        assertEquals(2 * 6, session.figures().size());
        assertTrue(Sessions.contenders(session).contains("PyTorch, row-wise Adagrad on unique rows"));
        String bytes = Files.readString(folder.resolve("bytes-400-4-16-8"));
        assertEquals(2 * 4 * 16 * Long.BYTES, Integer.parseInt(bytes.strip())); // batches · fields · rows
        Figure ours = session.figures().get(1);
        assertEquals(
                String.format(Locale.ROOT, "%.2f ×", ours.median() / 10),
                Sessions.note(session, "one table, Corymb by PyTorch's Adagrad"));
    }

    @Test
    void tablesHoldTheRowsThatTheyAreMadeFor() {
        int[][] rows = {{0, 1, 99, 99, 100, 199}};
        TableSuite.Size size = new TableSuite.Size(200, 2, 8, 3, 1);
        // each table has an index of its own
        assertTrue(memorySize(size, TableSharing.TABLE_A_FIELD, rows) > memorySize(size, TableSharing.ONE_TABLE, rows));
    }

    /// Before a round and, as no row is new in it, after.
    private static long memorySize(TableSuite.Size size, TableSharing sharing, int[][] rows) {
        try (TableWork work = new TableWork(size, sharing, 1, rows)) {
            long before = work.memorySize();
            assertEquals(size.rowCount(), work.rowCount());
            assertTrue(work.step() > 0);
            assertEquals(before, work.memorySize());
            return before;
        }
    }

    @Test
    void aNumberOfRowsThatFieldsCannotShareIsRefused() {
        InputException mistake =
                assertThrows(InputException.class, () -> new TableSuite.Size(401, 4, 8, 16, 2).rowsPerField());
        assertEquals("corymb.tables.rows: expected a multiple of 4, found 401", mistake.getMessage());
        assertThrows(InputException.class, () -> new TableSuite.Size(0, 4, 8, 16, 2).rowsPerField());
    }

    @Test
    void capacityTellsTheMemoryOfARowAndOpensItsSnapshot() throws Exception {
        CapacitySuite.Size size = new CapacitySuite.Size(1_000, 2_000, 256, 2);
        Session session = run(new CapacitySuite(size, folder), Sessions.alone(1));
        assertEquals(4, session.figures().size());
        for (String rows : List.of("1,000 rows", "2,000 rows")) {
            assertTrue(Sessions.note(session, rows + ": memory of the table").endsWith(" bytes a row"));
            assertTrue(Sessions.note(session, rows + ": snapshot opened").contains(" ms, "));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void stepsComparesProductsAndThreadsInBothPrecisions() throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        Session session = run(new StepSuite(new StepSuite.Size(256, 50, 1)), Sessions.alone(1));
        assertEquals(2 * (4 + 2), session.figures().size());
        for (String precision : List.of("float32", "bfloat16")) {
            for (String step : List.of("dense step", "whole step")) {
                String what = "%s, %s, %d threads against one".formatted(precision, step, threads);
                assertTrue(Sessions.note(session, what).endsWith(" ×"), what);
            }
        }
    }

    @Test
    void epochGoesOnWithoutAPeerThatDies() throws Exception {
        assumeTrue(Sessions.hasShell());
        Sessions.script(folder, "epoch_mmoe.py", "echo ready; read question; exit 9");
        EpochSuite.Case tiny = new EpochSuite.Case("tiny", experiment(), folder, List.of());
        EpochSuite.Case absent = new EpochSuite.Case("ml1m", experiment(), null, List.of());
        Session session = run(new EpochSuite(List.of(tiny, absent)), Sessions.withPeers(1, folder));
        assertEquals(List.of("Corymb"), Sessions.contenders(session));
        assertEquals(
                "epoch_mmoe.py: expected a rate, found the end of its output (exit status 9)",
                Sessions.note(session, "left out"));
        assertTrue(Sessions.note(session, "tiny, mean test AUC, Corymb").endsWith(" after 3 epochs"));
        assertTrue(Sessions.note(session, "ml1m").startsWith("skipped: "));
    }

    @Test
    void startWaitsForTheFirstStep() throws Exception {
        assumeTrue(Sessions.hasShell());
        Path command = Sessions.script(folder, "corymb", "#!/bin/sh", "echo data: 1 s >&2; echo network: 2 s >&2");
        assertTrue(command.toFile().setExecutable(true));
        assertEquals(3, run(new StartSuite(folder), Sessions.alone(1)).figures().size());
        Sessions.script(folder, "corymb", "#!/bin/sh", "echo data: 1 s >&2");
        InputException mistake =
                assertThrows(InputException.class, () -> run(new StartSuite(folder), Sessions.alone(1)));
        assertEquals("corymb train: expected a first step, found none", mistake.getMessage());
    }

    @Test
    void memoryTellsWhatIsResidentAfterEachNumberOfSteps() throws Exception {
        assumeTrue(NativeMemory.residentBytes().isPresent());
        Session session = run(new MemorySuite(experiment(), List.of(2L, 4L, 8L)), Sessions.alone(1));
        assertEquals(4, session.notes().size());
        double first = megabytes(session, "resident after 4 steps");
        double last = megabytes(session, "resident after 8 steps");
        assertEquals(last / first, Double.parseDouble(Sessions.note(session, "8 steps by 4")), 1e-3);
    }

    private static double megabytes(Session session, String what) {
        return Double.parseDouble(Sessions.note(session, what).split(" ", 2)[0]);
    }

    @Test
    void memoryTellsWhyThereAreNoFigures() {
        assumeTrue(NativeMemory.residentBytes().isPresent());
        Path missing = folder.resolve("missing.yaml");
        InputException mistake = assertThrows(
                InputException.class, () -> run(new MemorySuite(missing, List.of(2L, 4L, 8L)), Sessions.alone(1)));
        String expected = "memory: expected figures after [2, 4, 8] steps of %s, found those after [] (exit status 1): "
                .formatted(missing);
        assertTrue(mistake.getMessage().startsWith(expected), mistake.getMessage());
        assertTrue(mistake.getMessage().indexOf("missing.yaml", expected.length()) > 0, mistake.getMessage());
    }

    @Test
    void memoryLooksAtStepsThatAscend() {
        for (List<Long> steps : List.of(List.of(2L, 1L, 3L), List.of(1L, 2L), List.of(0L, 1L, 2L))) {
            assertThrows(IllegalArgumentException.class, () -> new MemorySuite(folder, steps).purpose());
        }
    }

    @Test
    void aReadingIsWhatTheProbePrinted() {
        MemoryProbe.Reading reading = new MemoryProbe.Reading(10, 1L << 40, 7, 8);
        assertEquals(reading, MemoryProbe.Reading.parse(reading.line()).orElseThrow());
        assertTrue(MemoryProbe.Reading.parse("network: 2 s").isEmpty());
    }
}
