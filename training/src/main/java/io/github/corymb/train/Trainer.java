package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentWriter;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.data.Split;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.loss.TaskLoss;
import io.github.corymb.tensor.NativeMemory;
import io.github.corymb.tensor.torch.Lanes;
import io.github.corymb.tensor.torch.TorchEngine;
import io.github.corymb.tensor.torch.TorchOptimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Trains one experiment into a run's folder: reads the data, learns epoch by epoch, evaluates, keeps the best epoch's
/// model, and writes the bundle and `metrics.json`.
///
/// Used by one thread. Whoever made it closes it.
public final class Trainer implements AutoCloseable {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Experiment experiment;
    private final TrainSpec spec;
    private final RunFolder run;
    private final TrainListener listener;
    private final BooleanSupplier stopRequested;
    private final InstantSource clock;
    private final Dataset dataset;
    private final double dataSeconds;
    private final List<FittedTask> tasks;
    private final TorchEngine engine;
    private final TableSets tables;
    private final Network network;
    private final TorchOptimizer optimizer;
    private final Lanes lanes;
    private final TrainStep step;
    private final Checkpoint checkpoint;
    private final GradualCheckpoint gradual;
    private final Progress progress;

    /// Reads and encodes the data, and builds the network.
    ///
    /// @param stopRequested asked after each step; once true, training writes a checkpoint and ends
    /// @param clock for the bundle's date and for rows that expire by time
    public Trainer(
            Experiment experiment,
            RunFolder run,
            TrainListener listener,
            BooleanSupplier stopRequested,
            InstantSource clock) {
        this.experiment = experiment;
        this.spec = experiment.train();
        this.run = run;
        this.listener = listener;
        this.stopRequested = stopRequested;
        this.clock = clock;
        Experiments.loadNativesInBackground();
        long started = System.nanoTime();
        this.dataset = Experiments.load(experiment);
        this.dataSeconds = (System.nanoTime() - started) / NANOS_PER_SECOND;
        this.tasks = dataset.tasks();
        listener.onData(dataset.summary().toString(), dataset.isKept(), dataSeconds);
        this.engine = Experiments.engine(experiment);
        this.tables = new TableSets(experiment, dataset.schema(), tasks);
        this.network = new Network(engine, experiment, dataset.schema(), tasks);
        this.optimizer = new TorchOptimizer(engine, spec.dense());
        this.lanes = new Lanes(engine, spec.threads());
        this.step = new TrainStep(
                engine,
                lanes,
                network,
                tables,
                tasks.stream().map(task -> TaskLoss.of(task.task())).toList(),
                experiment
                        .balance()
                        .build(tasks.stream().map(task -> task.task().weight()).toList()),
                optimizer,
                spec.gradientClip());
        this.checkpoint = new Checkpoint(run.checkpoints(), engine, optimizer, tables);
        this.gradual = new GradualCheckpoint(checkpoint, tables);
        this.progress = new Progress(spec, dataset.rowCount(Split.TRAIN));
    }

    /// Trains, from the newest checkpoint if `resume` says so and there is one.
    ///
    /// @return what came out; empty if a stop was requested, and a checkpoint written
    public Optional<RunMetrics> train(boolean resume) {
        try (RunLock _ = RunLock.take(run.path())) {
            AtomicFiles.deletePartials(run.path());
            AtomicFiles.deletePartials(run.checkpoints());
            AtomicFiles.write(run.experiment(), ExperimentWriter.write(experiment));
            Optional<TrainState> restored = resume ? checkpoint.restoreNewest() : Optional.empty();
            if (restored.isEmpty()) {
                tables.readInitialRows();
            }
            progress.begin(restored);
            dataset.warnings().forEach(listener::onWarning);
            engine.warnings().forEach(listener::onWarning);
            listener.onStart(engine.parameters().parameterCount(), progress.step(), progress.totalSteps());
            try (History history = History.open(run.history(), progress.step());
                    BatchSource batches =
                            new BatchSource(dataset, experiment.seed(), spec, progress.epoch(), progress.batch())) {
                if (!trainEpochs(history, batches)) {
                    return Optional.empty();
                }
            }
            return Optional.of(finish());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /// False if a stop was requested.
    private boolean trainEpochs(History history, BatchSource batches) throws IOException {
        while (!progress.isOver()) {
            while (progress.hasBatch()) {
                if (stopRequested.getAsBoolean()) {
                    gradual.abandon();
                    writeCheckpoint();
                    return false;
                }
                long started = System.nanoTime();
                LabelledBatch batch = batches.next();
                TrainStep.Result result = step.run(batch, progress.step() + 1, progress.rateScale());
                double seconds = (System.nanoTime() - started) / NANOS_PER_SECOND;
                progress.stepped(batch.rowCount(), seconds, batches.waitedSeconds(), result.refused());
                report(history, batch, result);
                tables.evict(!progress.hasBatch(), clock.instant());
                gradual.advance(progress.state(), spec.checkpoint().keep()).ifPresent(listener::onCheckpoint);
                if (progress.isCheckpointDue() && !gradual.isRunning()) {
                    beginCheckpoint();
                }
            }
            gradual.abandon(); // the end of the epoch has one of its own
            evaluateEpoch(history);
            progress.nextEpoch();
            if (!progress.isOver()) {
                tables.beginEpoch();
            }
            writeCheckpoint();
        }
        return true;
    }

    private void report(History history, LabelledBatch batch, TrainStep.Result result) throws IOException {
        listener.onStep(progress.epoch(), progress.step(), progress.totalSteps(), batch.rowCount(), result.losses());
        if (result.refused() || progress.step() % spec.logEvery() == 0) {
            history.add(line(result));
        }
        int refusedInRow = progress.state().refusedInRow();
        if (refusedInRow >= spec.nonFiniteLimit()) {
            throw RefusedSteps.stop(run.refused(), dataset.schema().fields(), tasks, batch, result, refusedInRow);
        }
    }

    /// What history says of the step just done; a loss that is no number is null.
    private Map<String, Object> line(TrainStep.Result result) {
        Map<String, Double> byTask = new LinkedHashMap<>();
        for (int k = 0; k < tasks.size(); k++) {
            double loss = result.losses().get(k);
            byTask.put(tasks.get(k).name(), Double.isFinite(loss) ? loss : null);
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", progress.step());
        line.put("epoch", progress.epoch());
        line.put("rate_scale", progress.rateScale());
        line.put("rows_per_second", progress.rowsPerSecond());
        line.put("waiting_share", progress.waitingShare());
        NativeMemory.residentBytes().ifPresent(bytes -> line.put("resident_bytes", bytes));
        line.put("refused_steps", progress.state().refused());
        line.put("loss", byTask);
        return line;
    }

    private void evaluateEpoch(History history) throws IOException {
        if (dataset.rowCount(Split.VALIDATION) == 0) {
            return;
        }
        boolean last = progress.epoch() == spec.epochs();
        if (progress.epoch() % spec.evaluateEvery() != 0 && !last) {
            return;
        }
        long started = System.nanoTime();
        Evaluation evaluation = new Evaluator(network, tables.sets(), tasks, Experiments.hasUsers(experiment))
                .evaluate(dataset, Split.VALIDATION);
        ValidationMetrics metrics = ValidationMetrics.of(evaluation);
        boolean improved = progress.evaluated(metrics);
        if (improved) {
            checkpoint.writeBest(progress.epoch());
        }
        progress.spent((System.nanoTime() - started) / NANOS_PER_SECOND);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", progress.step());
        line.put("epoch", progress.epoch());
        line.put("improved", improved);
        line.put("validation", metrics.byTask());
        history.add(line);
        listener.onEpoch(progress.epoch(), spec.epochs(), metrics.flat(), improved);
    }

    private void beginCheckpoint() {
        if (!spec.checkpoint().isGradual(tables.size())) {
            writeCheckpoint();
            return;
        }
        tables.forgetEvicted(progress.checkpointStep());
        gradual.begin(progress.state());
        progress.checkpointed();
    }

    private void writeCheckpoint() {
        tables.forgetEvicted(progress.checkpointStep()); // whoever holds the last checkpoint can still be told
        listener.onCheckpoint(
                checkpoint.write(progress.state(), spec.checkpoint().keep()));
        progress.checkpointed();
    }

    private RunMetrics finish() throws IOException {
        int bestEpoch = progress.bestEpoch();
        if (bestEpoch > 0) {
            checkpoint.restoreBest(bestEpoch);
        }
        ModelFiles.write(run.bundle(), experiment, dataset.schema(), tasks, engine, tables, clock.instant());
        Map<String, Map<String, Object>> results = new LinkedHashMap<>();
        for (FittedTask task : tasks) {
            results.put(
                    task.name(), new LinkedHashMap<>(Map.of("type", task.task().type())));
        }
        for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
            if (dataset.rowCount(split) > 0) {
                Evaluation evaluation = new Evaluator(network, tables.sets(), tasks, Experiments.hasUsers(experiment))
                        .evaluate(dataset, split);
                for (Evaluation.TaskScores scores : evaluation.tasks()) {
                    results.get(scores.task().name())
                            .put(split.word(), Evaluation.metrics(scores.task(), scores.scored()));
                }
            }
        }
        Map<String, Integer> rows = new LinkedHashMap<>();
        for (Split split : Split.values()) {
            rows.put(split.word(), dataset.rowCount(split));
        }
        RunMetrics metrics = new RunMetrics(
                experiment.name(),
                experiment.seed(),
                Version.current(),
                rows,
                new RunMetrics.Parameters(engine.parameters().parameterCount(), tables.weightCount()),
                new RunMetrics.Seconds(
                        dataSeconds,
                        progress.state().seconds(),
                        progress.state().waitingSeconds()),
                progress.rowsPerSecond(),
                progress.state().refused(),
                bestEpoch > 0 ? bestEpoch : spec.epochs(),
                results);
        metrics.write(run.metrics());
        return metrics;
    }

    @Override
    public void close() {
        gradual.close();
        tables.close();
        lanes.close();
        engine.close();
        dataset.close();
    }
}
