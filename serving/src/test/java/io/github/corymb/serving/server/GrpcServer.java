package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.SampleBundle;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/// A server of the tests, a channel of grpc-java to it, and what the library answers to the tests' question.
final class GrpcServer {

    private final RankServer server;
    private final ManagedChannel channel;
    private final Ranking expected;

    GrpcServer(Path folder) {
        RankerOptions quick = new RankerOptions(Verification.EVERY_FILE, 1, 100, 1);
        Path bundle = SampleBundle.write(folder, "one", 7);
        server = RankServer.start(
                bundle, ServerOptions.STANDARD.at("127.0.0.1", 0), quick, "0.1.0", InstantSource.system());
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        try (Ranker ranker = Ranker.open(bundle, quick)) {
            expected = ranker.rank(
                    FeatureRows.one()
                            .longs("user_id", 5)
                            .longLists("history", new long[] {3, 9, 4})
                            .doubles("price", 0.5),
                    FeatureRows.of(3).longs("item_id", 7, 12, 16).texts("tags", "a|d", null, "c"),
                    RankQuestion.ALL.fusedBy("product").explaining(1));
        }
    }

    ManagedChannel channel() {
        return channel;
    }

    Ranking expected() {
        return expected;
    }

    void close() throws InterruptedException {
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        server.close();
    }

    /// @param message null for any
    static void assertStatus(Status.Code code, String message, Executable call) {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, call);
        assertEquals(code, refused.getStatus().getCode(), refused.getMessage());
        if (message != null) {
            assertEquals(message, refused.getStatus().getDescription());
        }
    }
}
