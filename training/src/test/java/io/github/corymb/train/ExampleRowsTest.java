package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.Experiment;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.bundle.Examples;
import io.github.corymb.bundle.ServingBundle;
import io.github.corymb.embedding.Storage;
import io.github.corymb.feature.FeatureSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleRowsTest {

    private static final String[] ITEM_SIDE = {"features.item_id.side=item", "features.tags.side=item"};

    @TempDir
    private Path folder;

    private static Examples read(String... settings) {
        Experiment experiment = SampleExperiment.with(
                Stream.concat(Stream.of(ITEM_SIDE), Stream.of(settings)).toArray(String[]::new));
        return ExampleRows.read(experiment, new FeatureSchema(experiment.features()));
    }

    @Test
    void theNewestRowsOfDifferentUsersAndItemsWhereRowsAreSplitByTime() {
        Examples examples = read();
        assertEquals(
                List.of(1999L % 31, 1998L % 31, 1997L % 31, 1996L % 31, 1995L % 31),
                examples.contexts().stream().map(row -> row.get("user_id")).toList());
        Map<String, Object> user = examples.contexts().getFirst();
        assertEquals(List.of("user_id", "history", "price"), List.copyOf(user.keySet()));
        assertEquals(List.of(0L, 1L, 2L), user.get("history"), "1999 % 4 entries");
        assertEquals(Math.sin(1999), (double) user.get("price"), 1e-9);
        assertEquals(17, examples.items().size(), "as many as there are");
        assertEquals(1999L * 7 % 17, examples.items().getFirst().get("item_id"));
        assertEquals("b|d", examples.items().getFirst().get("tags"));
    }

    @Test
    void theSameRowsEachTimeWhereThereIsNoTime() {
        Examples examples = read("data.split={by: hash, column: user_id, validation: 0.1, test: 0.2}");
        assertEquals(5, examples.contexts().size());
        assertEquals(examples, read("data.split={by: hash, column: user_id, validation: 0.1, test: 0.2}"));
    }

    @Test
    void withoutACategoryRowsDifferInTheirValues() {
        Examples examples = read("features={price: {type: numeric, side: item}}");
        assertEquals(20, examples.items().stream().distinct().count());
        assertTrue(examples.contexts().isEmpty(), "nothing tells of a user");
    }

    @Test
    void theyGoWithABundleAndNoneDoWhereTheyAreTooLong() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        try (Trainer trainer = new Trainer(
                SampleExperiment.with("train.epochs=1"),
                run,
                TrainListener.NONE,
                () -> false,
                InstantSource.system())) {
            trainer.train(false);
        }
        Examples examples = Exporter.examples(run.path());
        Path out = export(run, "with", examples);
        try (ServingBundle bundle = ServingBundle.open(out, Verification.EVERY_FILE)) {
            List<Object> users =
                    examples.contexts().stream().map(row -> row.get("item_id")).toList();
            Examples kept = bundle.examples().orElseThrow();
            assertEquals(
                    users.toString(),
                    kept.contexts().stream()
                            .map(row -> row.get("item_id"))
                            .toList()
                            .toString());
        }
        Map<String, Object> row = Map.of("text", "x".repeat(Examples.SIZE_LIMIT));
        assertFalse(Files.exists(
                export(run, "long", new Examples(List.of(row), List.of())).resolve("examples.json")));
    }

    private Path export(RunFolder run, String name, Examples examples) {
        Path out = folder.resolve(name);
        Exporter.export(
                run.path(),
                out,
                new ExportOptions(Storage.FLOAT32, false, false, Map.of(), Optional.ofNullable(examples)),
                InstantSource.system());
        return out;
    }

    @Test
    void moreThanTheLimitIsRefused() {
        Map<String, Object> row = Map.of("a", 1L);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Examples(List.of(), Collections.nCopies(Examples.ITEM_COUNT_LIMIT + 1, row)))
                .getMessage();
        assertEquals("items: expected at most 100 rows, found 101", message);
    }
}
