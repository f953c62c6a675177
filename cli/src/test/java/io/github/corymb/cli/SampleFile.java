package io.github.corymb.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A small experiment file over rows made by SQL: 1,000 rows of clicks, with a level of five classes.
final class SampleFile {

    /// Labels come from j and features from i, which are equal: one origin of both would be refused as a leak.
    static final String SOURCE = "SELECT i % 31 AS user_id, (i * 7) % 17 AS item_id, j AS moment, i % 2 AS parity, "
            + "sin(i) AS price, [i / 10.0, 0.5] AS vector, (j * 7919 % 1000) / 1000.0 < (j % 31) / 31.0 AS click "
            + "FROM range(1000) AS a(i) POSITIONAL JOIN range(1000) AS b(j)";

    private SampleFile() {}

    static Path write(Path folder) {
        try {
            return Files.writeString(folder.resolve("sample.yaml"), """
                name: sample
                seed: 7
                data:
                  source: "%s"
                  split: {by: time, column: moment, validation: 0.1, test: 0.2}
                features:
                  user_id: {type: categorical, side: user, dimension: 4}
                  item_id: {type: categorical, side: item, dimension: 4}
                  price:   {type: numeric}
                tasks:
                  click: {type: binary, label: click}
                  clicked_price: {type: regression, label: moment %% 10, where: click, weight: 0.1}
                model: {type: mmoe, experts: 2, expert: [8], tower: [4]}
                train:
                  epochs: 2
                  batch: 128
                  threads: 1
                  early_stopping: {metric: click.auc}
                """.formatted(SOURCE));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
