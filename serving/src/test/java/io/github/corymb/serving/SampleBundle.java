package io.github.corymb.serving;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.embedding.Storage;
import io.github.corymb.train.ExportOptions;
import io.github.corymb.train.Exporter;
import io.github.corymb.train.RunFolder;
import io.github.corymb.train.TrainListener;
import io.github.corymb.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A small bundle, trained and exported on the spot: 31 users, 17 items, three tasks.
public final class SampleBundle {

    public static final Map<String, Fusion> FUSIONS = Map.of(
            "default", new Fusion.WeightedSum(Map.of("click", 1.0, "money", 0.1)),
            "product", new Fusion.PowerProduct(Map.of("click", 2.0)));

    private static final String SOURCE = "SELECT i % 31 AS user_id, (i * 7) % 17 AS item_id, j AS moment, "
            + "['a', 'b', 'c'][1 + i % 3] || '|d' AS tags, range(i % 4) AS history, "
            + "CASE WHEN i % 11 = 0 THEN NULL ELSE sin(i) END AS price, "
            + "(j * 7919 % 1000) / 1000.0 < (j % 31) / 31.0 AS click, j * 104729 % 10 AS spent "
            + "FROM range(1000) AS a(i) POSITIONAL JOIN range(1000) AS b(j)";

    private SampleBundle() {}

    /// Writes a bundle to the folder `name` of `folder`.
    ///
    /// @param seed of the experiment: another one gives other predictions
    public static Path write(Path folder, String name, int seed, String... settings) {
        String text = """
            name: sample
            seed: %d
            data:
              source: "%s"
              split: {by: time, column: moment, validation: 0.1, test: 0.2}
            features:
              user_id: {type: categorical, side: user, dimension: 4}
              item_id: {type: categorical, side: item, dimension: 4}
              tags:    {type: bag, side: item, separator: "|", dimension: 4}
              history: {type: sequence, side: user, table: item_id}
              price:   {type: numeric}
            tasks:
              click: {type: binary, label: click}
              money: {type: regression, label: spent, weight: 0.1}
              level: {type: multiclass, label: "spent %% 3"}
            model: {type: mmoe, experts: 2, expert: [8], tower: [4]}
            train:
              epochs: 1
              batch: 128
              threads: 1
              dense: {optimizer: adam, rate: 0.01}
              embedding: {optimizer: adagrad, rate: 0.1}
            """.formatted(seed, SOURCE);
        Experiment experiment = ExperimentReader.parse(text, "sample.yaml", Path.of(""), List.of(settings));
        RunFolder run = RunFolder.create(folder.resolve(name + "-run"));
        try (Trainer trainer = new Trainer(experiment, run, TrainListener.NONE, () -> false, InstantSource.system())) {
            trainer.train(false);
        }
        Path out = folder.resolve(name);
        Exporter.export(
                run.path(),
                out,
                new ExportOptions(Storage.FLOAT32, false, false, FUSIONS, Optional.of(Exporter.examples(run.path()))),
                InstantSource.system());
        return out;
    }

    /// One whose table of items is too large to be copied, and is mapped.
    public static Path writeLarge(Path folder, String name) {
        String source = SOURCE.replace("% 17", "% 997");
        return write(folder, name, 7, "data.source=" + source, "features.item_id.dimension=1024");
    }

    /// Copies a bundle, its manifest last.
    public static Path copy(Path bundle, Path to) {
        try (Stream<Path> files = Files.walk(bundle)) {
            List<Path> all = files.sorted((a, b) -> Boolean.compare(isManifest(a), isManifest(b)))
                    .toList();
            for (Path file : all) {
                Path target = to.resolve(bundle.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return to;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static boolean isManifest(Path file) {
        return file.endsWith("manifest.json");
    }
}
