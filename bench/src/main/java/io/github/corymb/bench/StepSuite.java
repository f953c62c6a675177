package io.github.corymb.bench;

import io.github.corymb.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Training steps of a wide MMoE beside the matrix products they are made of, and beside PyTorch: as it is installed,
/// and with all that a good engineer would set. All processors against one, too.
final class StepSuite implements Suite {

    private static final String SCRIPT = "wide_mmoe.py";

    private final Size size;

    /// How much is measured.
    ///
    /// @param batchRows of a step; PyTorch's are always 4096
    /// @param keysPerField that the tables' keys are drawn from
    /// @param steps a round
    record Size(int batchRows, int keysPerField, int steps) {

        static final Size STANDARD = new Size(4096, 52_500, 5); // 2.1 M rows in all
    }

    StepSuite(Size size) {
        this.size = size;
    }

    @Override
    public String name() {
        return "steps";
    }

    @Override
    public String purpose() {
        return "training steps of a wide MMoE, beside the machine's matrix products and PyTorch";
    }

    @Override
    public void run(Session session) throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        for (Precision precision : Precision.values()) {
            try (WideProducts products = new WideProducts(precision, threads, size.batchRows());
                    WideProducts productsOfOne = new WideProducts(precision, 1, size.batchRows());
                    WideStep step = step(precision, threads);
                    WideStep stepOfOne = step(precision, 1)) {
                int steps = size.steps();
                List<Contender> dense = new ArrayList<>(List.of(
                        new Contender("matrix products alone", () -> products.rate(steps)),
                        new Contender("Corymb", () -> step.dense(steps)),
                        new Contender("Corymb, 1 thread", () -> stepOfOne.dense(steps)),
                        new Contender("matrix products alone, 1 thread", () -> productsOfOne.rate(steps))));
                List<Contender> whole = new ArrayList<>(List.of(
                        new Contender("Corymb", () -> step.whole(steps)),
                        new Contender("Corymb, 1 thread", () -> stepOfOne.whole(steps))));
                run(session, precision, threads, dense, whole);
            }
        }
    }

    private WideStep step(Precision precision, int threads) {
        return new WideStep(precision, threads, size.batchRows(), size.keysPerField());
    }

    private void run(Session session, Precision precision, int threads, List<Contender> dense, List<Contender> whole)
            throws Exception {
        String name = precision.name().toLowerCase(Locale.ROOT);
        if (!session.hasPeers()) {
            compare(session, name, threads, dense, whole);
            return;
        }
        int steps = size.steps();
        try (PythonPeer plain = session.peer(SCRIPT, "installed", name, Integer.toString(threads));
                PythonPeer tuned = session.peer(SCRIPT, "tuned", name, Integer.toString(threads))) {
            dense.add(plain.contender("PyTorch as installed", "dense " + steps));
            dense.add(tuned.contender("PyTorch tuned", "dense " + steps));
            whole.add(plain.contender("PyTorch as installed, sparse Adagrad", "sparse " + steps));
            whole.add(tuned.contender("PyTorch tuned, sparse Adagrad", "sparse " + steps));
            whole.add(tuned.contender("PyTorch tuned, row-wise on unique rows", "rowwise " + steps));
            compare(session, name, threads, dense, whole);
        }
    }

    private static void compare(Session session, String name, int threads, List<Contender> dense, List<Contender> whole)
            throws Exception {
        double[] rates = session.compare(name + ", dense step", "rows/s", dense);
        session.note(
                name + ", matrix products",
                String.format(Locale.ROOT, "%.0f GFLOP/s", rates[0] * WideProducts.operationsPerRow() / 1e9));
        session.noteRatio(name + ", dense step, share of the products' rate", rates[1], rates[0]);
        session.noteRatio("%s, dense step, %d threads against one".formatted(name, threads), rates[1], rates[2]);
        session.noteRatio("%s, matrix products, %d threads against one".formatted(name, threads), rates[0], rates[3]);
        double[] steps = session.compare(name + ", whole step", "rows/s", whole);
        session.noteRatio("%s, whole step, %d threads against one".formatted(name, threads), steps[0], steps[1]);
    }
}
