package io.github.corymb.train;

import io.github.corymb.bundle.SafetensorsWriter;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What ends a training whose steps come to no numbers: the last batch is written down, and an error says where.
final class RefusedSteps {

    private RefusedSteps() {}

    /// Writes the batch as [BatchFile] has it, under `batch`.
    static InputException stop(
            Path file,
            List<Field> fields,
            List<FittedTask> tasks,
            LabelledBatch batch,
            TrainStep.Result last,
            int count)
            throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        BatchFile.add(writer, "batch", fields, batch);
        writer.write(file);
        return new InputException(
                "train: expected finite losses and gradients, found %s in %d steps in a row, all left "
                                .formatted(culprit(tasks, last), count)
                        + "out; the last batch is in %s; lower train.dense.rate or train.embedding.rate, or set "
                                .formatted(file)
                        + "train.gradient_clip");
    }

    private static String culprit(List<FittedTask> tasks, TrainStep.Result last) {
        for (int k = 0; k < tasks.size(); k++) {
            if (!Double.isFinite(last.losses().get(k))) {
                return "a loss of %s for task '%s'"
                        .formatted(last.losses().get(k), tasks.get(k).name());
            }
        }
        return "a gradient that is not";
    }
}
