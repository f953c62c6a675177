package io.github.corymb.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.bundle.ServingBundle;
import io.github.corymb.feature.InputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A bundle that answers: its tables mapped, its graph in ONNX Runtime. It counts who holds it, and closes when the
/// last holder releases it; whoever opened it is the first. Any number of threads.
final class LoadedBundle {

    private static final int WARM_UP_ITEM_COUNT = 64;
    /// Loads ONNX Runtime while the files of the first bundle are verified.
    private static final CompletableFuture<OrtEnvironment> RUNTIME =
            CompletableFuture.supplyAsync(OrtEnvironment::getEnvironment);

    private final Path folder;
    private final ServingBundle bundle;
    private final TableGuard guard;
    private final BundleIdentity identity;
    private final ReadColumns columns;
    private final TaskChoice choice;
    private final OrtEnvironment environment = RUNTIME.join();
    private final OrtSession session;
    private final Workspace absentRow; // a user and an item without any value
    private final ConcurrentLinkedQueue<Workspace> idle = new ConcurrentLinkedQueue<>();
    private long warmUpUnknownCount; // before anyone asks
    private final AtomicInteger holderCount = new AtomicInteger(1);

    private LoadedBundle(Path folder, ServingBundle bundle, RankerOptions options) throws OrtException {
        this.folder = folder;
        this.bundle = bundle;
        identity = BundleIdentity.of(bundle.manifest());
        columns = ReadColumns.of(bundle.schema());
        choice = new TaskChoice(bundle);
        absentRow = new Workspace(bundle);
        fill(absentRow, FeatureRows.one(), FeatureRows.one());
        guard = new TableGuard(folder, bundle.manifest());
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            settings.setIntraOpNumThreads(options.graphThreads());
            settings.setInterOpNumThreads(1);
            session = environment.createSession(bundle.graph().toString(), settings);
        } catch (OrtException | RuntimeException fault) {
            guard.close();
            throw fault;
        }
    }

    /// @throws InputException naming the bundle and the fault
    static LoadedBundle open(Path folder, RankerOptions options) {
        ServingBundle bundle;
        try {
            bundle = ServingBundle.open(folder, options.verification());
        } catch (RuntimeException refused) {
            RUNTIME.handle((_, _) -> null).join(); // a process that ends while a library is being loaded crashes
            throw refused;
        }
        LoadedBundle loaded;
        try {
            loaded = new LoadedBundle(folder, bundle, options);
        } catch (OrtException refused) {
            bundle.close();
            throw new InputException(
                    "bundle %s: ONNX Runtime refuses its graph: %s".formatted(folder, refused.getMessage()), refused);
        } catch (RuntimeException fault) {
            bundle.close();
            throw fault;
        }
        try {
            loaded.warmUp(Math.min(options.itemLimit(), WARM_UP_ITEM_COUNT), options.warmUpCount());
        } catch (RuntimeException fault) {
            loaded.release();
            throw fault;
        }
        return loaded;
    }

    BundleIdentity identity() {
        return identity;
    }

    BundleDescription description() {
        return new BundleDescription(identity, bundle.schema(), bundle.tasks(), bundle.fusions(), bundle.examples());
    }

    ServingBundle bundle() {
        return bundle;
    }

    /// Lookups by requests of keys that no table has a row for.
    long unknownKeyCount() {
        return bundle.unknownCount() - warmUpUnknownCount;
    }

    ReadColumns columns() {
        return columns;
    }

    /// Whether it is still open, and then held by the caller too.
    boolean retain() {
        int held;
        do {
            held = holderCount.get();
            if (held == 0) {
                return false;
            }
        } while (!holderCount.compareAndSet(held, held + 1));
        return true;
    }

    /// Gives up a hold.
    void release() {
        if (holderCount.decrementAndGet() == 0) {
            idle.forEach(Workspace::close);
            idle.clear();
            try {
                session.close();
            } catch (OrtException problem) {
                throw new IllegalStateException(problem);
            } finally {
                guard.close();
                bundle.close();
            }
        }
    }

    /// What was given, and how much of it was of no use.
    record Answer(Ranking ranking, int missingColumnCount) {}

    /// @param request U rows, 1 or as many as items
    /// @param items n rows
    Answer rank(FeatureRows request, FeatureRows items, RankQuestion question) {
        int[] tasks = choice.tasks(question); // refused before anything is computed
        TaskChoice.NamedFusion fusion = choice.fusion(question);
        int rowCount = rowCount(request, items);
        Workspace workspace = idle.poll();
        if (workspace == null) {
            workspace = new Workspace(bundle);
        }
        try {
            long start = System.nanoTime();
            guard.check();
            int missing = fill(workspace, request, items);
            long encoded = System.nanoTime();
            int[] computed = choice.withFused(tasks, fusion);
            if (rowCount > 0) {
                run(workspace, computed, rowCount);
            }
            long run = System.nanoTime();
            Ranking answer = answer(workspace, rowCount, tasks, fusion, question);
            long fused = System.nanoTime();
            List<Ranking.Explanation> explanations = explain(workspace, answer, tasks, question);
            long end = System.nanoTime();
            return new Answer(
                    answer.with(
                            explanations,
                            new Ranking.StageTimes(encoded - start, run - encoded, fused - run, end - fused)),
                    missing);
        } finally {
            idle.add(workspace);
        }
    }

    private int rowCount(FeatureRows request, FeatureRows items) {
        if (request.rowCount() != 1 && request.rowCount() != items.rowCount()) {
            throw new InputException("user and context: expected one row, or %d as there are items, found %d"
                    .formatted(items.rowCount(), request.rowCount()));
        }
        if (columns.ofItems().isEmpty() && request.rowCount() != items.rowCount()) {
            throw new InputException("items: no feature of this bundle describes one (side: item), so that "
                    + "all %d would score the same; whole rows can be scored".formatted(items.rowCount()));
        }
        return items.rowCount();
    }

    private int fill(Workspace workspace, FeatureRows request, FeatureRows items) {
        return workspace.fill(false, columns.ofRequest(), request.columns(), request.rowCount())
                + workspace.fill(true, columns.ofItems(), items.columns(), items.rowCount());
    }

    private void run(Workspace workspace, int[] tasks, int rowCount) {
        try {
            run(workspace.inputs(environment), workspace, tasks, rowCount);
        } catch (OrtException fault) {
            throw fault(fault);
        }
    }

    private void run(Map<String, OnnxTensor> inputs, Workspace workspace, int[] tasks, int rowCount)
            throws OrtException {
        try (OrtSession.Result _ = session.run(inputs, workspace.outputs(environment, tasks, rowCount))) {
            // the predictions are where the workspace wants them
        }
    }

    private List<Ranking.Explanation> explain(Workspace workspace, Ranking answer, int[] tasks, RankQuestion question) {
        int[] items = Arrays.copyOf(answer.order(), Math.min(question.explainCount(), answer.order().length));
        if (items.length == 0) {
            return List.of();
        }
        try {
            return workspace
                    .ablation(absentRow)
                    .explain(
                            workspace,
                            answer,
                            tasks,
                            items,
                            (inputs, rowCount) -> run(inputs, workspace, tasks, rowCount));
        } catch (OrtException fault) {
            throw fault(fault);
        }
    }

    private BundleFaultException fault(OrtException fault) {
        return new BundleFaultException("bundle %s: %s".formatted(folder, fault.getMessage()), fault);
    }

    private Ranking answer(
            Workspace workspace, int rowCount, int[] tasks, TaskChoice.NamedFusion fusion, RankQuestion question) {
        Function<Integer, float[]> predictions = k -> rowCount == 0 ? new float[0] : workspace.predictions(k);
        Ranking.TaskScores[] each = new Ranking.TaskScores[tasks.length];
        for (int at = 0; at < tasks.length; at++) {
            int k = tasks[at];
            each[at] = new Ranking.TaskScores(choice.name(k), choice.width(k), predictions.apply(k));
        }
        List<Ranking.TaskScores> scores = List.of(each);
        int topCount = Math.min(question.topCount(), rowCount);
        if (fusion == null) {
            int[] order = IntStream.range(0, topCount).toArray();
            return new Ranking(identity, scores, null, new double[0], order, List.of(), null);
        }
        double[] fused = fuse(fusion.fusion(), predictions, rowCount);
        int[] order = ScoreOrder.best(fused, topCount);
        return new Ranking(identity, scores, fusion.name(), fused, order, List.of(), null);
    }

    private double[] fuse(Fusion fusion, Function<Integer, float[]> predictions, int rowCount) {
        return fusion.scores(
                task -> {
                    float[] from = predictions.apply(choice.index(task));
                    double[] values = new double[rowCount];
                    for (int i = 0; i < rowCount; i++) {
                        values[i] = from[i];
                    }
                    return values;
                },
                rowCount);
    }

    /// Brings in the code and the pages that every request needs.
    private void warmUp(int itemCount, int count) {
        FeatureRows items = FeatureRows.of(itemCount);
        FeatureRows request = columns.ofItems().isEmpty() ? items : FeatureRows.one();
        for (int round = 0; round < count; round++) {
            rank(request, items, RankQuestion.ALL);
        }
        warmUpUnknownCount = bundle.unknownCount();
    }
}
