package io.github.corymb.bench;

import io.github.corymb.Experiment;
import io.github.corymb.ExperimentReader;
import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.train.RunFolder;
import io.github.corymb.train.RunMetrics;
import io.github.corymb.train.TrainListener;
import io.github.corymb.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whole epochs of the baselines' MMoE: Corymb as it is used, and the same network in PyTorch over tensors sliced by
/// hand and over a DataLoader. MovieLens-1M is measured where `corymb.movielens1m` names its folder.
final class EpochSuite implements Suite {

    private static final String SCRIPT = "epoch_mmoe.py";
    private static final int AUC_EPOCHS = 3;

    private final List<Case> cases;

    /// One data set.
    ///
    /// @param name as the peer knows it
    /// @param experiment its file
    /// @param data its folder; null where it is not there
    /// @param settings beside the file's
    record Case(String name, Path experiment, Path data, List<String> settings) {}

    EpochSuite(List<Case> cases) {
        this.cases = cases;
    }

    /// Those of the project in this folder, without what the baselines add to the network that the peer trains.
    static List<Case> baselines(Path project) {
        Path baselines = project.resolve("bench/baselines");
        String named = System.getProperty("corymb.movielens1m");
        Path movielens = named == null ? null : Path.of(named).toAbsolutePath();
        return List.of(
                new Case(
                        "census",
                        baselines.resolve("census-mmoe.yaml"),
                        project.resolve("examples/census/data"),
                        List.of(
                                "model.normalisation=none",
                                "model.dropout=0",
                                "train.embedding.rate=0.02",
                                "train.embedding.l2=0")),
                new Case(
                        "ml1m",
                        baselines.resolve("ml1m-mmoe.yaml"),
                        movielens,
                        List.of("folder=" + movielens, "train.embedding.rate=0.15", "train.embedding.l2=0")));
    }

    @Override
    public String name() {
        return "epoch";
    }

    @Override
    public String purpose() {
        return "whole training epochs of an MMoE on census and MovieLens-1M, beside PyTorch";
    }

    @Override
    public void run(Session session) throws Exception {
        for (Case one : cases) {
            if (one.data() == null) {
                session.note(one.name(), "skipped: -Dcorymb.movielens1m=DIR does not name its folder");
            } else {
                run(session, one);
            }
        }
    }

    private static void run(Session session, Case one) throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        String title = one.name() + ", one epoch";
        Contender corymb = new Contender("Corymb", () -> train(one, 1).examplesPerSecond());
        if (!session.hasPeers()) {
            session.compare(title, "rows/s", List.of(corymb));
            return;
        }
        try (Peer torch = session.peer(SCRIPT, one.name(), one.data().toString(), Integer.toString(threads))) {
            Contender loader = torch.contender("PyTorch, DataLoader", "loader");
            Contender slices = torch.contender("PyTorch, sliced by hand", "slice");
            double[] rates = session.compare(title, "rows/s", List.of(loader, slices, corymb));
            session.noteRatio(one.name() + ", Corymb by PyTorch sliced by hand", rates[2], rates[1]);
            session.ask(torch, "auc " + AUC_EPOCHS)
                    .ifPresent(auc -> session.note(one.name() + ", mean test AUC, PyTorch", auc(auc)));
            session.note(one.name() + ", mean test AUC, Corymb", auc(meanAuc(train(one, AUC_EPOCHS))));
        }
    }

    private static RunMetrics train(Case one, int epochs) throws IOException {
        List<String> all = new ArrayList<>(one.settings());
        all.add("train.epochs=" + epochs);
        all.add("train.early_stopping=");
        Experiment experiment = ExperimentReader.read(one.experiment(), all);
        Path folder = Files.createTempDirectory("corymb-bench-");
        try (Trainer trainer = new Trainer(
                experiment,
                RunFolder.create(folder.resolve("run")),
                TrainListener.NONE,
                () -> false,
                InstantSource.system())) {
            return trainer.train(false).orElseThrow();
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private static double meanAuc(RunMetrics metrics) {
        return metrics.tasks().keySet().stream()
                .mapToDouble(task -> metrics.metrics(task, "test").get("auc"))
                .average()
                .orElseThrow();
    }

    private static String auc(double value) {
        return String.format(Locale.ROOT, "%.4f after %d epochs", value, AUC_EPOCHS);
    }
}
