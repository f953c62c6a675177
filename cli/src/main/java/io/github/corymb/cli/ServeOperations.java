package io.github.corymb.cli;

import io.github.corymb.feature.InputException;
import io.github.corymb.serving.server.Operations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The options of `corymb serve` for what it does beside answering.
final class ServeOperations {

    private static final long LOG_FILE_SIZE = 64L << 20;
    private static final int LOG_FILE_COUNT = 16;

    @Option(
            names = "--log",
            paramLabel = "FOLDER",
            description = "Writes requests and their scores there, compressed, at most 16 files of 64 MiB;"
                    + " see `corymb skew`.")
    private Path log;

    @Option(
            names = "--log-share",
            paramLabel = "SHARE",
            description = "Of the requests, how many are written (default: ${DEFAULT-VALUE}).")
    private double logShare = 0.01;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            description = "Writes a line of JSON a request there, rotated; `-` for standard output.")
    private String accessLog;

    @Option(
            names = "--shadow-share",
            paramLabel = "SHARE",
            description = "Of the requests, how many the version with the label `shadow` scores, too"
                    + " (default: ${DEFAULT-VALUE}).")
    private double shadowShare = Operations.STANDARD.shadowShare();

    @Option(
            names = "--admin-port",
            paramLabel = "N",
            description = "Takes admin calls at this port of this machine; 0 for any free one.")
    private Integer adminPort;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "Holds the token that admin calls need, at least 16 characters.")
    private Path adminTokenFile;

    /// @throws InputException for a value that cannot be
    Operations read() {
        if ((adminPort == null) != (adminTokenFile == null)) {
            throw new InputException("--admin-port and --admin-token-file: expected both, found one");
        }
        try {
            return new Operations(
                    log == null ? null : new Operations.Log(log, logShare, LOG_FILE_SIZE, LOG_FILE_COUNT),
                    shadowShare,
                    adminPort == null ? null : new Operations.Admin(adminPort, token()));
        } catch (IllegalArgumentException mistake) {
            throw new InputException(mistake.getMessage(), mistake);
        }
    }

    /// Lets the access log begin, if one is wanted.
    void openAccessLog() {
        if (accessLog != null) {
            AccessLogTarget.open(accessLog);
        }
    }

    private String token() {
        try {
            return Files.readString(adminTokenFile).strip();
        } catch (IOException problem) {
            throw new InputException(
                    "--admin-token-file %s: cannot be read: %s".formatted(adminTokenFile, problem), problem);
        }
    }
}
