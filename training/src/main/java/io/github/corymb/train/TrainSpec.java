package io.github.corymb.train;

import io.github.corymb.embedding.EmbeddingSpec;
import io.github.corymb.embedding.MemoryBound;
import io.github.corymb.embedding.TableStorage;
import io.github.corymb.feature.MemorySize;
import io.github.corymb.model.OutputBias;
import io.github.corymb.tensor.DenseOptimizer;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Precision;

/// The `train` of an experiment file: how the parameters are learned. A component that is not given (`null`) takes its
/// default; a value that cannot be is an [IllegalArgumentException] that begins with its key.
///
/// @param epochs how many passes over the training rows at most, at least 1, default 10
/// @param batch B, rows of a step, at least 1, default 2048
/// @param dense how dense parameters move, default Adam
/// @param embedding how embedding rows begin and move, default Adagrad
/// @param schedule what the rates are multiplied by over time, default constant
/// @param outputBias where the outputs of the tasks start, default at the mean of the labels
/// @param gradientClip the largest norm that the gradient of all dense parameters together keeps, above 0; null for any
/// @param earlyStopping when to end before the last epoch; null for never
/// @param checkpoint when the state is written down
/// @param evaluateEvery epochs from one evaluation of the validation rows to the next, at least 1, which is the default
/// @param threads that compute, at least 1, by default one a processor
/// @param device where tensors live, default the processor
/// @param precision of the forward passes of training, default float32
/// @param tableMemory the most memory of all embedding tables together, such as `12GB`; null for any
/// @param tableStorage of embedding rows where `tables` says none, default float32
/// @param logEvery steps from one line of history to the next, at least 1, default 100
/// @param nonFiniteLimit how many steps in a row may have a loss or a gradient that is no number, before training
///     ends; each of them is left out; at least 1, default 10
public record TrainSpec(
        Integer epochs,
        Integer batch,
        DenseOptimizer dense,
        EmbeddingSpec embedding,
        RateSchedule schedule,
        OutputBias outputBias,
        Double gradientClip,
        EarlyStopping earlyStopping,
        CheckpointSpec checkpoint,
        Integer evaluateEvery,
        Integer threads,
        Device device,
        Precision precision,
        String tableMemory,
        TableStorage tableStorage,
        Integer logEvery,
        Integer nonFiniteLimit) {

    private static final int EPOCHS_LIMIT = 1_000_000;
    private static final int BATCH_LIMIT = 1 << 24;
    private static final int THREADS_LIMIT = 4096;

    public TrainSpec {
        epochs = range("epochs", epochs, 10, EPOCHS_LIMIT);
        batch = range("batch", batch, 2048, BATCH_LIMIT);
        dense = dense == null ? new DenseOptimizer.Adam(null, null, null, null, null) : dense;
        embedding = embedding == null ? EmbeddingSpec.standard() : embedding;
        schedule = schedule == null ? new RateSchedule.Constant() : schedule;
        outputBias = outputBias == null ? OutputBias.LABEL_MEAN : outputBias;
        checkpoint = checkpoint == null ? new CheckpointSpec(null, null, null, null) : checkpoint;
        evaluateEvery = range("evaluate_every", evaluateEvery, 1, EPOCHS_LIMIT);
        threads = range("threads", threads, Runtime.getRuntime().availableProcessors(), THREADS_LIMIT);
        device = device == null ? new Device.Cpu() : device;
        precision = precision == null ? Precision.FLOAT32 : precision;
        if (tableMemory != null) {
            MemorySize.parse("table_memory", tableMemory);
        }
        tableStorage = tableStorage == null ? TableStorage.FLOAT32 : tableStorage;
        logEvery = range("log_every", logEvery, 100, Integer.MAX_VALUE);
        nonFiniteLimit = range("non_finite_limit", nonFiniteLimit, 10, Integer.MAX_VALUE);
        if (gradientClip != null && !(gradientClip > 0 && gradientClip < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("gradient_clip: expected above 0, found " + gradientClip);
        }
    }

    /// What a file without the section gets.
    public static TrainSpec standard() {
        return new TrainSpec(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /// The bound on the memory of all embedding tables together.
    MemoryBound tableBound() {
        return MemoryBound.of("train.table_memory", tableMemory);
    }

    private static int range(String key, Integer given, int otherwise, int maximum) {
        int value = given == null ? otherwise : given;
        if (value < 1 || value > maximum) {
            throw new IllegalArgumentException("%s: expected from 1 to %d, found %d".formatted(key, maximum, value));
        }
        return value;
    }
}
