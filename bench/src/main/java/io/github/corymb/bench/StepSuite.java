package io.github.corymb.bench;

import io.github.corymb.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Training steps of a wide MMoE beside the matrix products they are made of, and beside PyTorch: as it is installed,
/// and with all that a good engineer would set.
final class StepSuite implements Suite {

    private static final String SCRIPT = "wide_mmoe.py";
    private static final int STEPS = 5; // a round

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
            try (WideProducts products = new WideProducts(precision, threads);
                    WideStep step = new WideStep(precision, threads)) {
                List<Contender> dense = new ArrayList<>();
                List<Contender> whole = new ArrayList<>();
                dense.add(new Contender("matrix products alone", () -> products.rate(STEPS)));
                dense.add(new Contender("Corymb", () -> step.dense(STEPS)));
                whole.add(new Contender("Corymb", () -> step.whole(STEPS)));
                run(session, precision, threads, dense, whole);
            }
        }
    }

    private static void run(
            Session session, Precision precision, int threads, List<Contender> dense, List<Contender> whole)
            throws Exception {
        if (!session.hasPeers()) {
            compare(session, precision, dense, whole);
            return;
        }
        String name = precision.name().toLowerCase(Locale.ROOT);
        try (PythonPeer plain = session.peer(SCRIPT, "installed", name, Integer.toString(threads));
                PythonPeer tuned = session.peer(SCRIPT, "tuned", name, Integer.toString(threads))) {
            dense.add(plain.contender("PyTorch as installed", "dense " + STEPS));
            dense.add(tuned.contender("PyTorch tuned", "dense " + STEPS));
            whole.add(plain.contender("PyTorch as installed, sparse Adagrad", "sparse " + STEPS));
            whole.add(tuned.contender("PyTorch tuned, sparse Adagrad", "sparse " + STEPS));
            whole.add(tuned.contender("PyTorch tuned, row-wise on unique rows", "rowwise " + STEPS));
            compare(session, precision, dense, whole);
        }
    }

    private static void compare(Session session, Precision precision, List<Contender> dense, List<Contender> whole)
            throws Exception {
        String name = precision.name().toLowerCase(Locale.ROOT);
        double[] rates = session.compare(name + ", dense step", "rows/s", dense);
        session.note(
                name + ", matrix products",
                String.format(Locale.ROOT, "%.0f GFLOP/s", rates[0] * WideProducts.operationsPerRow() / 1e9));
        session.compare(name + ", whole step", "rows/s", whole);
    }
}
