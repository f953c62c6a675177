package io.github.corymb.bench;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// An experiment whose model is served.
///
/// @param name as figures tell it
/// @param experiment to train
record RankCase(String name, Supplier<Experiment> experiment) {

    private static final int WIDE_FIELDS = 40; // half of them the user's
    private static final int WIDE_TASKS = 4;

    /// The MMoE of MovieLens: of 1M where `corymb.movielens1m` names its folder, otherwise of the example.
    static RankCase movielens(Path project, int seed) {
        String named = System.getProperty("corymb.movielens1m");
        if (named == null) {
            Path file = project.resolve("examples/movielens/mmoe.yaml");
            return new RankCase(
                    "movielens", () -> ExperimentReader.read(file, List.of("train.epochs=2", "seed=" + seed)));
        }
        Path file = project.resolve("bench/baselines/ml1m-mmoe.yaml");
        List<String> settings = List.of("folder=" + Path.of(named).toAbsolutePath(), "train.epochs=2", "seed=" + seed);
        return new RankCase("ml1m", () -> ExperimentReader.read(file, settings));
    }

    /// A wide MMoE on rows made up: 40 features of 16, half of them the user's, 8 experts (256, 128), 4 tasks.
    ///
    /// @param keyCount of each feature
    static RankCase wide(int rowCount, int keyCount) {
        String columns = IntStream.range(0, WIDE_FIELDS)
                .mapToObj(f -> "CAST(hash(i * %d + %d) %% %d AS BIGINT) AS f%d".formatted(WIDE_FIELDS, f, keyCount, f))
                .collect(Collectors.joining(", "));
        String labels = IntStream.range(0, WIDE_TASKS)
                .mapToObj(k -> "hash(j * 7 + %d) %% %d = 0 AS label%d".formatted(k, k + 2, k))
                .collect(Collectors.joining(", "));
        String features = IntStream.range(0, WIDE_FIELDS)
                .mapToObj(f -> "  f%d: {type: categorical, side: %s, dimension: 16}\n"
                        .formatted(f, f < WIDE_FIELDS / 2 ? "user" : "item"))
                .collect(Collectors.joining());
        String tasks = IntStream.range(0, WIDE_TASKS)
                .mapToObj(k -> "  task%d: {type: binary, label: label%d}\n".formatted(k, k))
                .collect(Collectors.joining());
        String text = """
            name: wide
            data:
              source: SELECT %s, %s, j FROM range(%d) AS a(i) POSITIONAL JOIN range(%d) AS b(j)
              split: {by: time, column: j, validation: 0.05, test: 0.05}
              cache: false
            features:
            %stasks:
            %smodel: {type: mmoe, experts: 8, expert: [256, 128], tower: [64]}
            train: {epochs: 1, batch: 2048}
            """.formatted(columns, labels, rowCount, rowCount, features, tasks);
        return made("wide", text);
    }

    /// A small MMoE over one table.
    ///
    /// @param keyCount of the item's feature
    /// @param width of its rows; 4 · keyCount · width bytes are the weights
    static RankCase largeTable(int keyCount, int width) {
        String text = """
            name: large
            data:
              source: >
                SELECT i AS item_id, i %% 1000 AS user_id, j, hash(j) %% 2 = 0 AS click
                FROM range(%d) AS a(i) POSITIONAL JOIN range(%d) AS b(j)
              split: {by: time, column: j, validation: 0.001, test: 0.001}
              cache: false
            features:
              user_id: {type: categorical, side: user, dimension: 8}
              item_id: {type: categorical, side: item, dimension: %d}
            tasks:
              click: {type: binary, label: click}
            model: {type: mmoe, experts: 2, expert: [8], tower: [4]}
            train: {epochs: 1, batch: 8192}
            """.formatted(keyCount, keyCount, width);
        return made("large", text);
    }

    private static RankCase made(String name, String text) {
        return new RankCase(name, () -> ExperimentReader.parse(text, name, Path.of(""), List.of()));
    }
}
