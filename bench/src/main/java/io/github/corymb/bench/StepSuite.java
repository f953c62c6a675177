package io.github.corymb.bench;

import io.github.corymb.tensor.Precision;
import java.io.IOException;
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
            String name = precision.name().toLowerCase(Locale.ROOT);
            try (Peer products = ours("products", name, threads);
                    Peer productsOfOne = ours("products", name, 1);
                    Peer step = ours("steps", name, threads);
                    Peer stepOfOne = ours("steps", name, 1)) {
                String steps = " " + size.steps();
                List<Contender> dense = new ArrayList<>(List.of(
                        products.contender("matrix products alone", "products" + steps),
                        step.contender("Corymb", "dense" + steps),
                        stepOfOne.contender("Corymb, 1 thread", "dense" + steps),
                        productsOfOne.contender("matrix products alone, 1 thread", "products" + steps)));
                List<Contender> whole = new ArrayList<>(List.of(
                        step.contender("Corymb", "whole" + steps),
                        stepOfOne.contender("Corymb, 1 thread", "whole" + steps)));
                run(session, name, threads, dense, whole);
            }
        }
    }

    private Peer ours(String what, String precision, int threads) throws IOException {
        return Peer.jvm(
                WideStepPeer.class,
                what,
                precision,
                Integer.toString(threads),
                Integer.toString(size.batchRows()),
                Integer.toString(size.keysPerField()));
    }

    private void run(Session session, String name, int threads, List<Contender> dense, List<Contender> whole)
            throws Exception {
        if (!session.hasPeers()) {
            compare(session, name, threads, dense, whole);
            return;
        }
        int steps = size.steps();
        try (Peer plain = session.peer(SCRIPT, "installed", name, Integer.toString(threads));
                Peer tuned = session.peer(SCRIPT, "tuned", name, Integer.toString(threads))) {
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
