package io.github.corymb.serving.server;

import java.nio.file.Path;
import java.time.Duration;

/// How a server listens and what it bears.
///
/// @param host the address that it listens at
/// @param port 0 for any free one
/// @param computeThreads requests that are computed at once
/// @param queueLimit requests that wait beyond those; more are answered 503 with Retry-After
/// @param requestsPerRun small requests that wait are answered by one run of the graph, so many at most; 1 for a run
///     each
/// @param bodyLimit bytes of a request's body; longer ones are answered 413 without being read to the end
/// @param deadline of a request; one that waited longer is answered 503 and not computed
/// @param drain how long a stop waits for requests under way
/// @param pollInterval between two looks at the folder of bundles
/// @param admission whom it lets in
public record ServerOptions(
        String host,
        int port,
        int computeThreads,
        int queueLimit,
        int requestsPerRun,
        int bodyLimit,
        Duration deadline,
        Duration drain,
        Duration pollInterval,
        Admission admission) {

    /// Whom a server lets in.
    ///
    /// @param connectionLimit connections that are open at once; more are closed as they come, without an answer
    /// @param requestsPerClient requests of one address at once; more are answered 429 with Retry-After; 0 for any
    ///     number
    /// @param tls null for none
    public record Admission(int connectionLimit, int requestsPerClient, Tls tls) {

        /// Any client in the clear, on 20,000 connections.
        public static final Admission STANDARD = new Admission(20_000, 0, null);

        public Admission {
            requireFrom("connection_limit", 1, connectionLimit);
            requireFrom("requests_per_client", 0, requestsPerClient);
        }
    }

    /// Both as PEM; the key is not encrypted.
    public record Tls(Path certificate, Path key) {}

    public static final ServerOptions STANDARD = new ServerOptions(
            "127.0.0.1",
            8080,
            Runtime.getRuntime().availableProcessors(),
            256,
            8,
            4 << 20,
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Admission.STANDARD);

    public ServerOptions {
        requirePort("port", port);
        requireFrom("compute_threads", 1, computeThreads);
        requireFrom("queue_limit", 1, queueLimit);
        requireFrom("requests_per_run", 1, requestsPerRun);
        requireFrom("body_limit", 1, bodyLimit);
    }

    public ServerOptions at(String newHost, int newPort) {
        return new ServerOptions(
                newHost,
                newPort,
                computeThreads,
                queueLimit,
                requestsPerRun,
                bodyLimit,
                deadline,
                drain,
                pollInterval,
                admission);
    }

    public ServerOptions letting(Admission in) {
        return new ServerOptions(
                host, port, computeThreads, queueLimit, requestsPerRun, bodyLimit, deadline, drain, pollInterval, in);
    }

    public ServerOptions withRequestsPerRun(int most) {
        return new ServerOptions(
                host, port, computeThreads, queueLimit, most, bodyLimit, deadline, drain, pollInterval, admission);
    }

    static void requirePort(String key, int found) {
        if (found < 0 || found > 65_535) {
            throw new IllegalArgumentException("%s: expected from 0 to 65535, found %d".formatted(key, found));
        }
    }

    private static void requireFrom(String key, int minimum, int found) {
        if (found < minimum) {
            throw new IllegalArgumentException("%s: expected at least %d, found %d".formatted(key, minimum, found));
        }
    }
}
