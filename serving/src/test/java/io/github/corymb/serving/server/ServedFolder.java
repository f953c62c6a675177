package io.github.corymb.serving.server;

import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.server.ServerOptions.Admission;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/// The program that a test kills: serves a folder, looks at it without a pause, prints its port.
final class ServedFolder {

    private ServedFolder() {}

    public static void main(String[] arguments) throws InterruptedException {
        ServerOptions options = new ServerOptions(
                "127.0.0.1",
                0,
                2,
                64,
                8,
                50_000,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(1),
                Admission.STANDARD);
        RankerOptions ranker = new RankerOptions(Verification.EVERY_FILE, 1, 1_000, 1);
        RankServer server = RankServer.start(Path.of(arguments[0]), options, ranker, "0.1.0", InstantSource.system());
        System.out.println(server.port());
        new CountDownLatch(1).await();
    }
}
