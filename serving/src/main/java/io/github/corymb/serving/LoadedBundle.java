package io.github.corymb.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.bundle.ServingBundle;
import io.github.corymb.feature.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
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
    private final int itemLimit;
    private final TableGuard guard;
    private final BundleIdentity identity;
    private final ReadColumns columns;
    private final TaskChoice choice;
    private final OrtEnvironment environment = RUNTIME.join();
    private final OrtSession session;
    private final Workspace absentRow; // a user and an item without any value
    private final Queue<Workspace> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Workspace> idleParts = new ConcurrentLinkedQueue<>(); // many, but of short requests
    private long warmUpUnknownCount; // before anyone asks
    private final AtomicInteger holderCount = new AtomicInteger(1);

    private LoadedBundle(Path folder, ServingBundle bundle, RankerOptions options) throws OrtException {
        this.folder = folder;
        this.bundle = bundle;
        itemLimit = options.itemLimit();
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
            for (Queue<Workspace> pool : List.of(idle, idleParts)) {
                pool.forEach(Workspace::close);
                pool.clear();
            }
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
    record Answer(Ranking ranking, int unknownColumnCount, int missingColumnCount) {}

    /// A request whose rows are encoded and looked up.
    ///
    /// @param workspace that holds them, to be given back
    /// @param tasks that are wanted
    /// @param rowCount n
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Filled(
            Workspace workspace,
            RankQuestion question,
            int[] tasks,
            TaskChoice.NamedFusion fusion,
            int rowCount,
            int unknownColumnCount,
            int missingColumnCount,
            long nanos) {}

    Answer rank(Ranker.Request request) {
        return rank(fill(request, idle));
    }

    /// Scores rows that have the features of both sides.
    Answer score(FeatureRows rows, RankQuestion question) {
        int unknown = columns.unknownCount(rows.columns().keySet());
        return rank(fill(new Ranker.Request(rows, rows, question), unknown, idle));
    }

    private Answer rank(Filled filled) {
        try {
            long start = System.nanoTime();
            run(filled.workspace(), computed(filled), filled.rowCount());
            return answer(filled, filled.workspace(), 0, System.nanoTime() - start);
        } finally {
            idle.add(filled.workspace());
        }
    }

    /// As [#rank(Ranker.Request)], by one run of the graph for all.
    ///
    /// @return an answer each, which are done
    List<CompletableFuture<Answer>> rank(List<Ranker.Request> requests) {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        List<CompletableFuture<Answer>> due = new ArrayList<>(); // of those that are filled
        List<Filled> filled = new ArrayList<>();
        try {
            for (Ranker.Request request : requests) {
                CompletableFuture<Answer> answer = new CompletableFuture<>();
                answers.add(answer);
                try {
                    filled.add(fill(request, idleParts));
                    due.add(answer);
                } catch (RuntimeException fault) {
                    answer.completeExceptionally(fault); // and no other
                }
            }
            answerTogether(filled, due);
            return answers;
        } finally {
            filled.forEach(each -> idleParts.add(each.workspace()));
        }
    }

    private void answerTogether(List<Filled> filled, List<CompletableFuture<Answer>> due) {
        int[] counts = filled.stream().mapToInt(Filled::rowCount).toArray();
        int[] tasks = filled.stream()
                .flatMapToInt(each -> IntStream.of(computed(each)))
                .distinct()
                .toArray();
        int rowCount = IntStream.of(counts).sum();
        Workspace joint = workspace(idle);
        try {
            long start = System.nanoTime();
            joint.join(filled.stream().map(Filled::workspace).toList(), counts);
            run(joint, tasks, rowCount);
            long taken = System.nanoTime() - start;
            int first = 0;
            for (int at = 0; at < counts.length; at++) {
                long share = counts[at] == 0 ? 0 : taken * counts[at] / rowCount;
                try {
                    due.get(at).complete(answer(filled.get(at), joint, first, share));
                } catch (RuntimeException fault) {
                    due.get(at).completeExceptionally(fault); // and no other
                }
                first += counts[at];
            }
        } catch (RuntimeException fault) {
            due.forEach(answer -> answer.completeExceptionally(fault));
        } finally {
            idle.add(joint);
        }
    }

    private Workspace workspace(Queue<Workspace> pool) {
        Workspace workspace = pool.poll();
        return workspace == null ? new Workspace(bundle) : workspace;
    }

    /// @param pool that the workspace is taken from
    private Filled fill(Ranker.Request request, Queue<Workspace> pool) {
        int unknown = columns.unknownCount(request.user().columns().keySet(), false)
                + columns.unknownCount(request.items().columns().keySet(), true);
        return fill(request, unknown, pool);
    }

    private Filled fill(Ranker.Request request, int unknown, Queue<Workspace> pool) {
        requireUnderLimit(request.items());
        int[] tasks = choice.tasks(request.question()); // refused before anything is computed
        TaskChoice.NamedFusion fusion = choice.fusion(request.question());
        int rowCount = rowCount(request.user(), request.items());
        Workspace workspace = workspace(pool);
        try {
            long start = System.nanoTime();
            guard.check();
            int missing = fill(workspace, request.user(), request.items());
            long taken = System.nanoTime() - start;
            return new Filled(workspace, request.question(), tasks, fusion, rowCount, unknown, missing, taken);
        } catch (RuntimeException | Error fault) {
            pool.add(workspace);
            throw fault;
        }
    }

    private void requireUnderLimit(FeatureRows items) {
        if (items.rowCount() > itemLimit) {
            throw new InputException("items: expected at most %d, found %d".formatted(itemLimit, items.rowCount()));
        }
    }

    /// The tasks whose predictions a request needs.
    private int[] computed(Filled filled) {
        return choice.withFused(filled.tasks(), filled.fusion());
    }

    /// @param ran with the predictions
    /// @param first row of these
    private Answer answer(Filled filled, Workspace ran, int first, long graphNanos) {
        long start = System.nanoTime();
        Ranking scored = scored(filled, ran, first);
        long fused = System.nanoTime();
        List<Ranking.Explanation> explanations = explain(filled.workspace(), scored, filled.tasks(), filled.question());
        long end = System.nanoTime();
        return new Answer(
                scored.with(
                        explanations, new Ranking.StageTimes(filled.nanos(), graphNanos, fused - start, end - fused)),
                filled.unknownColumnCount(),
                filled.missingColumnCount());
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
        if (rowCount == 0) {
            return;
        }
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

    private Ranking scored(Filled filled, Workspace ran, int first) {
        int rowCount = filled.rowCount();
        Function<Integer, float[]> predictions =
                k -> rowCount == 0 ? new float[0] : ran.predictions(k, first, rowCount);
        int[] tasks = filled.tasks();
        Ranking.TaskScores[] each = new Ranking.TaskScores[tasks.length];
        for (int at = 0; at < tasks.length; at++) {
            int k = tasks[at];
            each[at] = new Ranking.TaskScores(choice.name(k), choice.width(k), predictions.apply(k));
        }
        List<Ranking.TaskScores> scores = List.of(each);
        int topCount = Math.min(filled.question().topCount(), rowCount);
        TaskChoice.NamedFusion fusion = filled.fusion();
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
            rank(new Ranker.Request(request, items, RankQuestion.ALL));
        }
        warmUpUnknownCount = bundle.unknownCount();
    }
}
