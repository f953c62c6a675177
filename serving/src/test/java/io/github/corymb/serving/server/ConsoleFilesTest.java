package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConsoleFilesTest {

    private static final Map<String, String> TYPES =
            Map.of("html", "text/html", "js", "application/javascript", "css", "text/css", "svg", "image/svg+xml");
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"(?!#)([^\"]+)\"");
    private static final Pattern IMPORT = Pattern.compile("from \"\\./([^\"]+)\"");
    private static final Pattern ELSEWHERE = Pattern.compile("https?:(?!//www\\.w3\\.org/2000/svg\")|[\"'(]//|@import");
    private static final Pattern MARKUP =
            Pattern.compile("(inner|outer)HTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|srcdoc");

    private static Path folder;
    private static Server server;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        folder = Path.of(ConsoleFilesTest.class.getResource("console/page.html").toURI())
                .getParent();
        ServerBuilder builder = Server.builder().http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ConsoleFiles.serve(builder);
        server = builder.build();
        server.start().join();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.activeLocalPort() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    @Test
    void everyFileIsServedAsWhatItIsUnderAStrictPolicyAndNotSentTwice() throws IOException, InterruptedException {
        for (Path file : files()) {
            String name = file.getFileName().toString();
            HttpResponse<String> response = get("/console/" + name);
            assertEquals(Files.readString(file), response.body());
            String type = response.headers().firstValue("content-type").orElseThrow();
            assertTrue(type.startsWith(TYPES.get(name.substring(name.lastIndexOf('.') + 1))), name + ": " + type);
            assertEquals(
                    "nosniff",
                    response.headers().firstValue("x-content-type-options").orElseThrow());
            String policy =
                    response.headers().firstValue("content-security-policy").orElseThrow();
            assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            String tag = response.headers().firstValue("etag").orElseThrow();
            assertEquals(304, get("/console/" + name, "If-None-Match", tag).statusCode(), name);
        }
        assertEquals(Files.readString(folder.resolve("page.html")), get("/").body());
        assertEquals(400, get("/console/../../../index.html").statusCode());
        assertEquals(404, get("/console/nothing.js").statusCode());
        assertEquals(404, get("/console/").statusCode());
    }

    @Test
    void everyLinkAndImportIsAFileAndEveryFileIsUsed() throws IOException, InterruptedException {
        TreeSet<String> used = new TreeSet<>(List.of("page.html"));
        Matcher links = LINK.matcher(Files.readString(folder.resolve("page.html")));
        while (links.find()) {
            if (!links.group(1).equals("metrics")) { // of the whole server
                assertEquals(200, get("/" + links.group(1)).statusCode(), links.group(1));
                used.add(links.group(1).replace("console/", ""));
            }
        }
        for (Path file : files()) {
            Matcher imports = IMPORT.matcher(Files.readString(file));
            while (imports.find()) {
                assertTrue(Files.exists(folder.resolve(imports.group(1))), imports.group(1));
                used.add(imports.group(1));
            }
        }
        assertEquals(
                new TreeSet<>(
                        files().stream().map(f -> f.getFileName().toString()).toList()),
                used);
    }

    @Test
    void nothingComesFromElsewhereAndNoTextBecomesMarkup() throws IOException {
        for (Path file : files()) {
            String text = Files.readString(file);
            assertFalse(ELSEWHERE.matcher(text).find(), file + ": names another server");
            assertFalse(MARKUP.matcher(text).find(), file + ": makes markup of text");
            if (file.toString().endsWith(".html")) {
                assertFalse(text.contains("style=") || text.contains("<style"), "styles within the page are refused");
                assertFalse(Pattern.compile("<script(?![^>]* src=)|\\son\\w+=")
                        .matcher(text)
                        .find());
            }
        }
    }
}
