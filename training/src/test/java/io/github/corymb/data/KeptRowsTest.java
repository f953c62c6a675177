package io.github.corymb.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.Pooling;
import io.github.corymb.feature.Scaling;
import io.github.corymb.feature.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptRowsTest {

    private static final String SOURCE = """
        SELECT i, i % 7 AS u, range(i % 5) AS l, i / 3 AS x, i % 2 AS y, CASE WHEN i % 3 > 0 THEN i END AS z
        FROM 'a.parquet'\
        """;
    private static final SplitSpec SPLIT = new SplitSpec.Time("i", 0.2, 0.1);

    @TempDir
    Path folder;

    private Path cache;
    private final Map<String, Feature> features = Fixture.categorical("u");
    private final Map<String, Task> tasks = Fixture.binary("y", "y = 1");

    @BeforeEach
    void prepare() {
        cache = folder.resolve("cache/rows");
        Fixture.copy(folder, "SELECT range AS i FROM range(40000)", "a.parquet", "FORMAT parquet");
        features.put("l", new Feature.Sequence(null, null, true, null, null, Pooling.MEAN, null, 3));
        features.put("x", new Feature.Numeric(null, null, true, Scaling.STANDARD, null, null));
        tasks.put("z", new Task.Regression("z", null, null, null, null, null, null));
    }

    private Dataset load(String source, long seed, String program, long limit) {
        DataSpec spec = new DataSpec(source, SPLIT, "u", null, 1, null);
        Optional<KeptRows> kept = Optional.of(new KeptRows(cache, program, limit));
        return Dataset.load(spec, folder, features, tasks, seed, kept, LoadListener.NONE);
    }

    private Dataset load() {
        return load(SOURCE, 7, "p", 1L << 30);
    }

    private List<Path> files() throws IOException {
        try (var all = Files.list(cache)) {
            return all.sorted().toList();
        }
    }

    @Test
    void theSecondReadingGivesTheSameWithoutReading() throws IOException {
        try (Dataset first = load();
                Dataset second = load()) {
            assertFalse(first.isKept());
            assertTrue(second.isKept());
            assertEquals(first.schema(), second.schema());
            assertEquals(first.tasks(), second.tasks());
            assertEquals(first.summary(), second.summary());
            assertEquals(first.warnings(), second.warnings());
            assertEquals(28_000, second.rowCount(Split.TRAIN));
            for (Split split : Split.values()) {
                assertEquals(
                        Fixture.contents(Fixture.rows(first, split)), Fixture.contents(Fixture.rows(second, split)));
                assertEquals(first.labelCount(1, split), second.labelCount(1, split));
            }
        }
        assertEquals(1, files().size());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())));
    }

    @Test
    void whatMayChangeTheRowsMakesThemOthers() throws IOException {
        load().close();
        try (Dataset seed = load(SOURCE, 8, "p", 1L << 30);
                Dataset source = load(SOURCE + " WHERE true", 7, "p", 1L << 30);
                Dataset program = load(SOURCE, 7, "q", 1L << 30)) {
            assertFalse(seed.isKept() || source.isKept() || program.isKept());
        }
        tasks.put("y", new Task.Binary("y = 0", null, null, null));
        try (Dataset label = load()) {
            assertFalse(label.isKept());
        }
        features.remove("x");
        try (Dataset fewer = load()) {
            assertFalse(fewer.isKept());
        }
        assertEquals(6, files().size());
    }

    @Test
    void aFileOfTheSourceThatChangedIsReadAnew() throws IOException {
        load().close();
        FileTime time = Files.getLastModifiedTime(folder.resolve("a.parquet"));
        Fixture.copy(folder, "SELECT 2 * range AS i FROM range(40000)", "a.parquet", "FORMAT parquet");
        Files.setLastModifiedTime(folder.resolve("a.parquet"), time); // only the bytes tell
        try (Dataset changed = load()) {
            assertFalse(changed.isKept());
            assertEquals(40_000 * 0.7, changed.rowCount(Split.TRAIN));
            assertEquals(0, changed.labelCount(0, Split.TRAIN).positive()); // 2 i is even
        }
        try (Dataset again = load()) {
            assertTrue(again.isKept());
            assertEquals(0, again.labelCount(0, Split.TRAIN).positive());
        }
    }

    @Test
    void rowsThatMayBeOthersTheNextTimeAreNotKept() {
        String random = SOURCE.replace("i % 7", "(random() * 7)::INTEGER");
        load(random, 7, "p", 1L << 30).close();
        assertFalse(Files.exists(cache));
    }

    @Test
    void whatIsDamagedIsEncodedAnew() throws IOException {
        load().close();
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        for (int at : List.of(0, 8, 12, 40, 2000, whole.length / 2, whole.length - 9, whole.length - 5)) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(file, damaged);
            try (Dataset anew = load()) {
                assertFalse(anew.isKept(), "byte " + at);
            }
        }
        for (int size : List.of(0, 10, 30, whole.length / 2, whole.length - 1)) {
            Files.write(file, Arrays.copyOf(whole, size));
            try (Dataset anew = load()) {
                assertFalse(anew.isKept(), size + " bytes");
            }
        }
        try (Dataset mended = load()) {
            assertTrue(mended.isKept());
        }
    }

    @Test
    void beyondTheBoundTheLongestUnusedGo() throws IOException {
        load(SOURCE, 1, "p", 1L << 30).close();
        Path oldest = files().getFirst();
        Files.setLastModifiedTime(oldest, FileTime.from(Instant.now().minusSeconds(3600)));
        Path left = Files.createTempFile(cache, "x", ".part"); // of a process that was killed the day before
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(90_000)));
        long bound = Files.size(oldest) * 5 / 2;
        load(SOURCE, 2, "p", bound).close();
        assertTrue(Files.exists(oldest));
        assertFalse(Files.exists(left));
        load(SOURCE, 3, "p", bound).close();
        assertFalse(Files.exists(oldest));
        assertEquals(2, files().size());
        load(SOURCE, 4, "p", Files.size(files().getFirst())).close(); // more than half of the bound: not kept at all
        assertEquals(2, files().size());
    }

    @Test
    void aFolderThatCannotBeWrittenStopsNothing() throws IOException {
        Files.createDirectories(cache.getParent());
        Files.writeString(cache, "a file where the folder should be");
        try (Dataset dataset = load()) {
            assertEquals(28_000, dataset.rowCount(Split.TRAIN));
        }
    }
}
