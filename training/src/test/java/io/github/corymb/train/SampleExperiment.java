package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import java.nio.file.Path;
import java.util.List;

/// A small experiment over rows made by SQL: 2,000 rows, some labels missing.
final class SampleExperiment {

    /// Labels come from j and features from i, which are equal: one origin of both would be refused as a leak.
    static final String SOURCE = "SELECT i % 31 AS user_id, (i * 7) % 17 AS item_id, j AS moment, "
            + "['a', 'b', 'c'][1 + i % 3] || '|d' AS tags, range(i % 4) AS history, "
            + "CASE WHEN i % 11 = 0 THEN NULL ELSE sin(i) END AS price, "
            + "CASE WHEN j % 13 = 0 THEN NULL ELSE (j * 7919 % 1000) / 1000.0 < (j % 31) / 31.0 END AS click, "
            + "j * 104729 % 10 AS spent FROM range(2000) AS a(i) POSITIONAL JOIN range(2000) AS b(j)";

    private SampleExperiment() {}

    /// The sample with some keys changed, as `--set` changes them.
    static Experiment with(String... settings) {
        String text = """
            name: sample
            seed: 7
            data:
              source: "%s"
              split: {by: time, column: moment, validation: 0.1, test: 0.2}
            features:
              user_id: {type: categorical, side: user, dimension: 4}
              item_id: {type: categorical, side: item, dimension: 4}
              tags:    {type: bag, separator: "|", dimension: 4}
              history: {type: sequence, side: user, table: item_id}
              price:   {type: numeric}
            tasks:
              click: {type: binary, label: click}
              money: {type: regression, label: spent, where: click, weight: 0.1}
              level: {type: multiclass, label: "spent %% 3"}
            model: {type: mmoe, experts: 2, expert: [8], tower: [4], dropout: 0.1}
            train:
              epochs: 3
              batch: 128
              threads: 1
              log_every: 1
              dense: {optimizer: adam, rate: 0.01}
              embedding: {optimizer: adagrad, rate: 0.1, l2: 0.0001}
              early_stopping: {metric: click.auc, patience: 3}
            """.formatted(SOURCE);
        return ExperimentReader.parse(text, "sample.yaml", Path.of(""), List.of(settings));
    }
}
