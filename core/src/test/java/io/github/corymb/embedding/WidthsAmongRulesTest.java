package io.github.corymb.embedding;

import static io.github.corymb.embedding.Batches.buffer;
import static io.github.corymb.embedding.Batches.field;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Rows of two widths under the rules by which rows come and go.
class WidthsAmongRulesTest {

    private static final long SEED = 4;
    private static final int WIDE = 8; // D
    private static final int EPOCH_STEPS = 15;
    private static final List<Field> FIELDS =
            List.of(field("a", "t", WIDE, Pooling.SUM), field("b", "t", WIDE, Pooling.MEAN));
    private static final List<String> FILES = List.of("t.rows", "t.wide.rows");

    @TempDir
    Path folder;

    enum Rules {
        COUNTED,
        DRAWN,
        EXPIRING,
        OF_DAYS,
        ANEW,
        TOGETHER;

        TableSpecs specs() {
            AdmissionSpec counted = new AdmissionSpec.Count(2, 4096, null);
            ExpirySpec afterSteps = new ExpirySpec(8L, null);
            TableSpec spec = switch (this) {
                case COUNTED -> spec(counted, null, false);
                case DRAWN -> spec(new AdmissionSpec.Probability(3), null, false);
                case EXPIRING -> spec(null, afterSteps, false);
                case OF_DAYS -> spec(null, new ExpirySpec(null, 10 / 86_400.0), false);
                case ANEW -> spec(null, null, true);
                case TOGETHER -> spec(counted, afterSteps, true);
            };
            return new TableSpecs(Map.of("t", spec), MemoryBound.none());
        }

        private static TableSpec spec(AdmissionSpec admission, ExpirySpec expiry, boolean resetEachEpoch) {
            WidthsSpec widths = new WidthsSpec(3, 4);
            Integer every = expiry == null ? null : 5;
            return new TableSpec(null, admission, expiry, null, every, null, resetEachEpoch, null, null, widths);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noKeyHasFurtherColumnsAlone(Rules rules) {
        try (EmbeddingTables tables = tables(rules, 2)) {
            boolean wereThere = false;
            for (int step = 1; step <= 45; step++) {
                train(tables, step, step);
                EmbeddingTable first = tables.tables().getFirst();
                EmbeddingTable further = tables.tables().getLast();
                further.forEachRow((key, _) -> assertTrue(key == 0 || first.row(key, false) != 0, key + " is known"));
                wereThere |= further.rowCount() > 0;
            }
            assertTrue(wereThere, "some keys became wide");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResumedRunAndAnyNumberOfThreadsGiveTheSameBits(Rules rules) throws IOException {
        Path base = Files.createDirectory(folder.resolve("base"));
        try (EmbeddingTables one = tables(rules, 1);
                EmbeddingTables three = tables(rules, 3)) {
            train(one, 1, 25);
            one.write(base, true);
            train(one, 26, 50);
            train(three, 1, 50);
            try (EmbeddingTables resumed = open(rules, base)) {
                train(resumed, 26, 50);
                for (String file : FILES) {
                    WrittenTables.assertSame(one, three, file, folder);
                    WrittenTables.assertSame(one, resumed, file, folder);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotTakenWhileTheyLearnIsWhatTheyWere(Rules rules) throws IOException {
        Path snapshots = Files.createDirectory(folder.resolve("snapshot"));
        Path direct = Files.createDirectory(folder.resolve("direct"));
        try (EmbeddingTables tables = tables(rules, 2)) {
            train(tables, 1, 20);
            try (TablesSnapshot snapshot = tables.snapshot(snapshots, true)) {
                train(tables, 21, 28);
                snapshot.copy();
                train(tables, 29, 36);
                snapshot.mark();
                snapshot.catchUp();
                train(tables, 37, 41);
                snapshot.freeze();
                tables.write(direct, true);
                train(tables, 42, 46);
                snapshot.finish();
            }
            try (EmbeddingTables taken = open(rules, snapshots);
                    EmbeddingTables written = open(rules, direct)) {
                assertEquals(41, taken.step());
                train(taken, 42, 50);
                train(written, 42, 50);
                train(tables, 47, 50);
                for (String file : FILES) {
                    WrittenTables.assertSame(taken, written, file, folder);
                    WrittenTables.assertSame(taken, tables, file, folder);
                }
            }
        }
    }

    private static EmbeddingTables tables(Rules rules, int threadCount) {
        return new EmbeddingTables(FIELDS, EmbeddingSpec.standard(), rules.specs(), SEED, threadCount);
    }

    private static EmbeddingTables open(Rules rules, Path base) throws IOException {
        return EmbeddingTables.open(base, List.of(), FIELDS, EmbeddingSpec.standard(), rules.specs(), SEED, 2);
    }

    /// Steps `from` … `to`, each a second after the one before.
    private static void train(EmbeddingTables tables, int from, int to) {
        for (int step = from; step <= to; step++) {
            if (step % EPOCH_STEPS == 1) {
                tables.beginEpoch();
            }
            SplittableRandom random = new SplittableRandom(step);
            Batch batch = Batches.random(random, 2, 80, random.nextBoolean() ? 100 : 2000);
            tables.gather(batch, buffer(80 * tables.width()), true);
            tables.update(buffer(Batches.gradient(random, 80, 2 * WIDE)), 1, step);
            tables.evict(step % EPOCH_STEPS == 0, Instant.ofEpochSecond(step));
        }
    }
}
