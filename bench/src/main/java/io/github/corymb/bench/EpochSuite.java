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
        run(session, "census", Path.of("examples", "census", "data"), List.of());
        String movielens = System.getProperty("corymb.movielens1m");
        if (movielens == null) {
            session.note("ml1m", "skipped: -Dcorymb.movielens1m=DIR does not name its folder");
        } else {
            Path folder = Path.of(movielens).toAbsolutePath();
            run(session, "ml1m", folder, List.of("folder=" + folder));
        }
    }

    private static void run(Session session, String name, Path data, List<String> settings) throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        Contender corymb =
                new Contender("Corymb", () -> train(name, settings, 1).examplesPerSecond());
        if (!session.hasPeers()) {
            session.compare(name + ", one epoch", "rows/s", List.of(corymb));
            return;
        }
        try (PythonPeer torch = session.peer(SCRIPT, name, data.toString(), Integer.toString(threads))) {
            session.compare(
                    name + ", one epoch",
                    "rows/s",
                    List.of(
                            torch.contender("PyTorch, DataLoader", "loader"),
                            torch.contender("PyTorch, sliced by hand", "slice"),
                            corymb));
            session.note(name + ", mean test AUC, PyTorch", auc(torch.ask("auc " + AUC_EPOCHS)));
            session.note(name + ", mean test AUC, Corymb", auc(meanAuc(train(name, settings, AUC_EPOCHS))));
        }
    }

    private static RunMetrics train(String name, List<String> settings, int epochs) throws IOException {
        List<String> all = new ArrayList<>(settings);
        all.add("train.epochs=" + epochs);
        all.add("train.early_stopping=");
        Experiment experiment = ExperimentReader.read(Path.of("bench", "baselines", name + "-mmoe.yaml"), all);
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
