package io.github.corymb.bench;

import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// From the command to a server that answers by a bundle with a large table.
final class ReadySuite implements Suite {

    private final Path project;
    private final RankCase large;
    private final int startCount;

    /// @param project the folder with the command
    /// @param large one with a large table
    /// @param startCount starts that count, after one that does not
    ReadySuite(Path project, RankCase large, int startCount) {
        this.project = project;
        this.large = large;
        this.startCount = startCount;
    }

    @Override
    public String name() {
        return "ready";
    }

    @Override
    public String purpose() {
        return "from the command to a server that answers, with a large table";
    }

    @Override
    public void run(Session session) throws Exception {
        Path folder = Files.createTempDirectory("corymb-bench-");
        try {
            RankModel model = RankModel.of(large, folder);
            start(session, "start to ready", model);
            start(session, "start to ready with --trust-tables", model, "--trust-tables");
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private void start(Session session, String what, RankModel served, String... options) throws IOException {
        double[] seconds = new double[startCount];
        byte[] request = ServingSuite.requests(served, "bundle", 1, Map.of()).getFirst();
        for (int round = -1; round < seconds.length; round++) {
            try (ServedProcess server = ServedProcess.start(project, served.bundle(), List.of(), options);
                    HttpConnection connection = new HttpConnection(server.port())) {
                int status = connection.ask(request);
                if (status != 200) {
                    throw new InputException("corymb serve: expected an answer, found status " + status);
                }
                seconds[Math.max(0, round)] = server.startSeconds(); // the round before the first is overwritten
            }
        }
        session.note(
                String.format(Locale.ROOT, "%s, tables of %.2f GB", what, tableSize(served.bundle()) / 1e9),
                ServingSuite.spread("%.2f s, median of %d (%.2f to %.2f)", seconds));
    }

    private static long tableSize(Path bundle) throws IOException {
        try (var files = Files.walk(bundle.resolve("tables"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
