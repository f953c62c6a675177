package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.serving.SampleBundle;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestIdsTest {

    @TempDir
    private static Path folder;

    private static String id(RankServer server, String path, String... headers)
            throws IOException, InterruptedException {
        return ServerCalls.call(server.port(), "GET", path, null, headers)
                .headers()
                .firstValue("x-request-id")
                .orElseThrow();
    }

    @Test
    void everyAnswerBearsTheIdGivenOrANewOne() throws IOException, InterruptedException {
        try (RankServer server = ServerCalls.serve(SampleBundle.write(folder, "one", 7), Operations.STANDARD)) {
            assertEquals("a.B-9_:z", id(server, "/v1/models", "X-Request-Id", "a.B-9_:z"));
            assertEquals("lost", id(server, "/nowhere", "X-Request-Id", "lost"), "404");
            String first = id(server, "/v1/models");
            String second = id(server, "/metrics");
            assertTrue(first.matches("[0-9a-f]{16}-\\d+"), first);
            assertNotEquals(first, second);
            for (String refused : new String[] {"a b", "x\"y", "é", "a".repeat(65), ""}) {
                assertNotEquals(refused, id(server, "/v1/models", "X-Request-Id", refused));
            }
        }
    }
}
