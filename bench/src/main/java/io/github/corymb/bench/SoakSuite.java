package io.github.corymb.bench;

import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A server at 70 % of what it bears while bundles take each other's place: every few seconds another one is renamed
/// into the watched folder and the label moves to it. Every answer must name a version, and have the scores that the
/// bundle of this version has for this question.
final class SoakSuite implements Suite {

    private static final String MINUTES_PROPERTY = "corymb.soak.minutes";
    private static final String MODEL = "shop";
    private static final int ITEM_COUNT = 200;
    private static final int TOP_COUNT = 10; // of an answer, whose scores are compared
    private static final int CONNECTION_COUNT = 16;
    private static final double SHARE = 0.7; // of the capacity

    private final Path project;
    private final List<RankCase> cases;
    private final double swapSeconds;
    private final double measureSeconds;
    private final double soakSeconds;

    /// @param project the folder with the command
    /// @param cases two experiments that read the same columns, whose bundles take turns
    /// @param swapSeconds between two swaps
    /// @param measureSeconds how long the capacity is measured
    /// @param soakSeconds how long the load lasts
    SoakSuite(Path project, List<RankCase> cases, double swapSeconds, double measureSeconds, double soakSeconds) {
        this.project = project;
        this.cases = List.copyOf(cases);
        this.swapSeconds = swapSeconds;
        this.measureSeconds = measureSeconds;
        this.soakSeconds = soakSeconds;
    }

    /// As long as is asked for, otherwise half a minute.
    ///
    /// @throws InputException where that is no number of minutes
    static double standardSeconds() {
        String asked = System.getProperty(MINUTES_PROPERTY, "0.5");
        try {
            double minutes = Double.parseDouble(asked);
            if (minutes > 0 && minutes < 1e6) {
                return 60 * minutes;
            }
        } catch (NumberFormatException _) {
            // refused below
        }
        throw new InputException("%s: expected a number of minutes, found '%s'".formatted(MINUTES_PROPERTY, asked));
    }

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public String purpose() {
        return "a server under load while bundles are swapped: errors, mixed answers, memory";
    }

    @Override
    public void run(Session session) throws Exception {
        Path folder = Files.createTempDirectory("corymb-bench-");
        try {
            List<RankModel> models = new ArrayList<>();
            for (RankCase one : cases) {
                models.add(RankModel.of(one, folder.resolve("model" + models.size())));
            }
            KnownAnswers answers = new KnownAnswers(models, ServingSuite.REQUEST_COUNT, ITEM_COUNT, TOP_COUNT);
            BundlePublisher publisher = new BundlePublisher(folder.resolve("served"), MODEL, models, answers::publish);
            publisher.publish();
            try (ServedProcess server = ServedProcess.start(project, folder.resolve("served"))) {
                soak(session, server, models.getFirst(), answers, publisher);
            }
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private void soak(
            Session session, ServedProcess server, RankModel asked, KnownAnswers answers, BundlePublisher publisher)
            throws Exception {
        List<byte[]> requests = ServingSuite.requests(asked, MODEL, ITEM_COUNT, Map.of("top_k", TOP_COUNT));
        LoadGenerator load =
                new LoadGenerator(() -> new RankCaller(server.port(), requests, answers), CONNECTION_COUNT);
        load.closed(measureSeconds); // warms
        LoadGenerator.Result most = load.closed(measureSeconds);
        long full = server.fullCollectionCount();
        List<Long> resident = new ArrayList<>();
        double rate = SHARE * most.rate();
        CompletableFuture<LoadGenerator.Result> asking = CompletableFuture.supplyAsync(() -> {
            try {
                return load.even(rate, soakSeconds);
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        });
        while (!asking.isDone()) {
            Thread.sleep((long) (1000 * swapSeconds));
            resident.add(server.residentSize());
            publisher.publish();
        }
        LoadGenerator.Result all = get(asking);
        session.note("%.0f s at %.0f requests/s".formatted(soakSeconds, rate), all.words());
        session.note("answers that were no 200", Long.toString(all.failed() - answers.mixedCount()));
        session.note("answers not as the version they name gives them", Long.toString(answers.mixedCount()));
        session.note("versions published", "%d, of which %d answered".formatted(publisher.count(), answers.metCount()));
        session.note("full garbage collections", Long.toString(server.fullCollectionCount() - full));
        session.note(
                "resident memory of the server",
                String.format(
                        Locale.ROOT,
                        "%.0f MB after the first swap, %.0f at half time, %.0f at the end",
                        resident.getFirst() / 1e6,
                        resident.get(resident.size() / 2) / 1e6,
                        resident.getLast() / 1e6));
    }

    private static LoadGenerator.Result get(CompletableFuture<LoadGenerator.Result> asking) throws Exception {
        try {
            return asking.get();
        } catch (ExecutionException fault) {
            throw new IOException(fault.getCause());
        }
    }
}
