package io.github.corymb.cli;

import io.github.corymb.serving.server.ServerOptions;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Whom `corymb serve` lets in, as options.
final class ServeLimits {

    @Option(
            names = "--requests-per-client",
            paramLabel = "N",
            description = "How many requests one address may have under way; more are answered 429. Default: 0, any.")
    private int requestsPerClient = ServerOptions.STANDARD.requestsPerClient();

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
        return options.withRequestsPerClient(requestsPerClient)
                .withTls(tls == null ? null : new ServerOptions.Tls(tls.certificate, tls.key));
    }
}
