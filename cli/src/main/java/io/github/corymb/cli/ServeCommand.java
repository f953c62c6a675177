package io.github.corymb.cli;

import io.github.corymb.feature.InputException;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.server.Operations;
import io.github.corymb.serving.server.RankServer;
import io.github.corymb.serving.server.ServerOptions;
import io.github.corymb.train.Version;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `corymb serve`: ranking over HTTP, until the process is told to end.
@Command(
        name = "serve",
        description =
                "Ranks over HTTP by exported bundles, until it is told to end; then it answers what is under way.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  corymb serve bundles/movielens", "  corymb serve models --port 8080"})
final class ServeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "BUNDLE",
            description = "An exported bundle, or a folder of bundles, NAME/VERSION/; changes are taken up.")
    private Path folder;

    @Option(names = "--port", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}; 0 for any free one.")
    private int port = ServerOptions.STANDARD.port();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Default: ${DEFAULT-VALUE}, this machine alone. There is no access control of its own.")
    private String host = ServerOptions.STANDARD.host();

    @Option(
            names = "--trust-tables",
            description = "Serves without reading tables whole: their sizes are verified, their checksums are not."
                    + " For tables so large that a start would take long.")
    private boolean trustTables;

    @Mixin
    private ServeLimits limits;

    @Mixin
    private ServeOperations operations;

    @Override
    public Integer call() throws InterruptedException {
        ServerOptions options = options();
        Operations beside = operations.read();
        operations.openAccessLog();
        RankerOptions ranker = trustTables ? RankerOptions.STANDARD.trustingTables() : RankerOptions.STANDARD;
        RankServer server =
                RankServer.start(folder, options, beside, ranker, Version.current(), InstantSource.system());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server), "drain"));
        String address =
                "%s://%s:%d".formatted(options.admission().tls() == null ? "http" : "https", host, server.port());
        spec.commandLine().getOut().println(serving(server.versionCount(), address));
        spec.commandLine().getOut().flush();
        new CountDownLatch(1).await(); // the shutdown hook ends it
        return Main.OK;
    }

    /// @throws InputException for a value that cannot be
    private ServerOptions options() {
        try {
            return limits.of(ServerOptions.STANDARD.at(host, port));
        } catch (IllegalArgumentException mistake) {
            throw new InputException(mistake.getMessage(), mistake);
        }
    }

    /// The line that is printed once the server listens.
    static String serving(int versionCount, String address) {
        return "serving %d model %s at %s".formatted(versionCount, versionCount == 1 ? "version" : "versions", address);
    }

    private static void close(RankServer server) {
        server.close();
        AccessLogTarget.close();
    }
}
