package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.bundle.Examples;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.SampleBundle;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console as a browser shows it.
class ConsoleInBrowserTest {

    private static final RankerOptions QUICK = new RankerOptions(Verification.EVERY_FILE, 1, 1_000, 1);

    @TempDir
    private static Path folder;

    @Test
    void theLiveViewShowsModelsWhatWasRefusedAndTraffic() throws Exception {
        Path bundle = SampleBundle.write(folder, "shown", 7);
        Path models = folder.resolve("models");
        SampleBundle.copy(bundle, models.resolve("shop/9"));
        Path broken = SampleBundle.copy(bundle, models.resolve("shop/10"));
        Files.writeString(broken.resolve("graph.onnx"), "<img src=x>");
        Files.writeString(models.resolve("shop/labels.json"), "{\"<i>canary\": \"9\"}");
        try (RankServer server = serve(models)) {
            String address = "http://127.0.0.1:" + server.port() + "/";
            rank(address + "v1/models/shop/versions/9:rank");
            String page = Chromium.page(address + "#live", folder, 20);
            assertTrue(page.contains("ready · 0.1.0"), page);
            try (Ranker ranker = Ranker.open(bundle, QUICK)) {
                assertTrue(page.contains(ranker.bundle().name()));
            }
            assertTrue(page.contains("graph.onnx: expected"), "why a bundle was refused");
            assertTrue(page.contains("&lt;i&gt;canary"), "a label's text stays text");
            assertTrue(page.contains("shop 9 · click"));
            assertFalse(page.contains("no answer for"));
        }
    }

    @Test
    void thePlaygroundRanksTheExamplesAsTheLibraryDoes() throws Exception {
        Path bundle = SampleBundle.write(folder, "one", 7);
        try (RankServer server = serve(bundle);
                Ranker ranker = Ranker.open(bundle, QUICK)) {
            String page = Chromium.page(
                    "http://127.0.0.1:" + server.port() + "/#playground?run&model=one&user=2", folder, 20);
            Examples examples = ranker.description().examples().orElseThrow();
            Ranking expected = ranker.rank(
                    FeatureRows.ofMaps(List.of(examples.contexts().get(1))), FeatureRows.ofMaps(examples.items()));
            List<String> rows = Pattern.compile("<tr tabindex.*?</tr>", Pattern.DOTALL)
                    .matcher(page)
                    .results()
                    .map(MatchResult::group)
                    .toList();
            assertEquals(expected.itemCount(), rows.size(), page);
            for (int place = 0; place < rows.size(); place++) {
                int item = expected.order()[place];
                Object id = examples.items().get(item).get("item_id");
                assertTrue(rows.get(place).contains(">" + id + "<"), rows.get(place));
                String score = String.format(Locale.ROOT, ">%.4f<", expected.scores()[item]);
                assertTrue(rows.get(place).contains(score), score + " in " + rows.get(place));
            }
            assertTrue(page.contains("fusion default"));
            for (String feature : ranker.schema().features().keySet()) {
                assertTrue(page.contains("<span class=\"feature\">" + feature + "</span>"), "explains " + feature);
            }
            assertTrue(page.contains("versions/1:rank"), "the call to repeat it");
        }
    }

    /// The scripts' mathematics and reading of rows, and a playground whose server is made up, by `console-tests.js`.
    @Test
    void theScriptsDoWhatTheySay() throws Exception {
        Path site = Files.createDirectories(folder.resolve("site").toAbsolutePath());
        Path console = Path.of(RankServer.class.getResource("console/page.html").toURI())
                .getParent();
        try (Stream<Path> files = Files.list(console)) {
            for (Path file : files.toList()) {
                Files.copy(file, site.resolve(file.getFileName().toString()));
            }
        }
        for (String tests : List.of("console-tests.js", "playground-tests.js")) {
            try (InputStream script = ConsoleInBrowserTest.class.getResourceAsStream(tests)) {
                Files.copy(script, site.resolve(tests));
            }
        }
        Files.writeString(site.resolve("tests.html"), """
            <!doctype html><link rel="icon" href="icon.svg"><pre id="out">not run</pre>
            <script type="module" src="console-tests.js"></script>
            """);
        HttpServer server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), site, SimpleFileServer.OutputLevel.NONE);
        server.start();
        try {
            String page =
                    Chromium.page("http://127.0.0.1:" + server.getAddress().getPort() + "/tests.html", folder, 5);
            assertTrue(page.contains("all passed"), page);
        } finally {
            server.stop(0);
        }
    }

    private static RankServer serve(Path path) {
        ServerOptions options = ServerOptions.STANDARD.at("127.0.0.1", 0);
        return RankServer.start(path, options, QUICK, "0.1.0", InstantSource.system());
    }

    private static void rank(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .POST(HttpRequest.BodyPublishers.ofString("{\"items\": [{\"item_id\": 3}]}"))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
    }
}
