package io.github.corymb.cli;

import io.github.corymb.serving.server.ServerOptions;
import io.github.corymb.serving.server.ServerOptions.Admission;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Whom `corymb serve` lets in, and how many of them at once, as options.
final class ServeLimits {

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "How many connections may be open; more are closed as they come. Default: ${DEFAULT-VALUE}.")
    private int connectionLimit = Admission.STANDARD.connectionLimit();

    @Option(
            names = "--requests-per-client",
            paramLabel = "N",
            description = "How many requests one address may have under way; more are answered 429. Default: 0, any.")
    private int requestsPerClient = Admission.STANDARD.requestsPerClient();

    @Option(
            names = "--requests-per-run",
            paramLabel = "N",
            description = "How many requests of up to 10 items that wait are answered by one run of the graph; 1 for a"
                    + " run each. Default: ${DEFAULT-VALUE}.")
    private int requestsPerRun = ServerOptions.STANDARD.requestsPerRun();

    @ArgGroup(exclusive = false)
    private Tls tls;

    private static final class Tls {
        @Option(
                names = "--tls-certificate",
                required = true,
                paramLabel = "FILE",
                description = "Serves by TLS alone, with this chain of certificates, PEM.")
        private Path certificate;

        @Option(
                names = "--tls-key",
                required = true,
                paramLabel = "FILE",
                description = "The key of the certificate, PEM, not encrypted.")
        private Path key;
    }

    ServerOptions of(ServerOptions options) {
        return options.withRequestsPerRun(requestsPerRun)
                .letting(new Admission(
                        connectionLimit,
                        requestsPerClient,
                        tls == null ? null : new ServerOptions.Tls(tls.certificate, tls.key)));
    }
}
