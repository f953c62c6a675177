package io.github.corymb.serving.server;

import java.nio.file.Path;

/// What a server does beside answering.
///
/// @param log where a share of requests is written with their scores; null for nowhere
/// @param shadowShare of the requests of a model with the label [Models#SHADOW] that its shadow scores, too; 0 to 1
/// @param admin where the server may be told what to do; null for nowhere
public record Operations(Log log, double shadowShare, Admin admin) {

    /// No log, no admin calls, a tenth to a shadow where there is one.
    public static final Operations STANDARD = new Operations(null, 0.1, null);

    public Operations {
        requireShare("shadow_share", shadowShare);
    }

    /// A log of features and scores.
    ///
    /// @param folder of its files, made where it is not there
    /// @param share of the requests that are written, 0 to 1
    /// @param fileSizeLimit bytes after which another file is begun
    /// @param fileLimit how many files are kept; the oldest ones are deleted
    public record Log(Path folder, double share, long fileSizeLimit, int fileLimit) {

        public Log {
            requireShare("log_share", share);
            requireFrom("log_file_size", 1, fileSizeLimit);
            requireFrom("log_files", 1, fileLimit);
        }
    }

    /// Admin calls, on a port of their own of this machine alone.
    ///
    /// @param port 0 for any free one
    /// @param token that a caller has to know, at least [#TOKEN_LENGTH_MINIMUM] characters
    public record Admin(int port, String token) {

        public static final int TOKEN_LENGTH_MINIMUM = 16;

        public Admin {
            ServerOptions.requirePort("admin_port", port);
            requireFrom("admin token: length", TOKEN_LENGTH_MINIMUM, token.length());
        }

        /// Without the token.
        @Override
        public String toString() {
            return "Admin[port=" + port + "]";
        }
    }

    private static void requireShare(String key, double found) {
        if (!(found >= 0 && found <= 1)) {
            throw new IllegalArgumentException("%s: expected from 0 to 1, found %s".formatted(key, found));
        }
    }

    private static void requireFrom(String key, long minimum, long found) {
        if (found < minimum) {
            throw new IllegalArgumentException("%s: expected at least %d, found %d".formatted(key, minimum, found));
        }
    }
}
