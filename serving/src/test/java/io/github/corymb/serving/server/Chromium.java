package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A browser without a window, where this machine has one.
final class Chromium {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final int TIMEOUT_SECONDS = 300;

    private Chromium() {}

    /// What a page has become after its scripts ran for so many seconds of its own clock. A test without a browser is
    /// skipped, and says so.
    static String page(String url, Path scratch, int seconds) throws IOException, InterruptedException {
        Path browser = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(Path.of(folder)::resolve))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        if (browser == null) {
            System.err.println("SKIPPED: the console is not looked at, since no Chromium is on the PATH");
            abort("no Chromium on the PATH");
        }
        Path out = Files.createTempFile(scratch, "page", ".html");
        Path log = Files.createTempFile(scratch, "chromium", ".log");
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(browser.toString()),
                                Arrays.stream(("--headless --no-sandbox --disable-gpu --no-first-run "
                                                + "--window-size=1440,1000 --dump-dom --enable-logging=stderr "
                                                + "--virtual-time-budget=" + seconds * 1000 + " --user-data-dir="
                                                + Files.createTempDirectory(scratch, "profile") + " " + url)
                                        .split(" ")))
                        .toList())
                .redirectOutput(out.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            assertTrue(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS), "the browser has not ended");
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), Files.readString(log));
        List<String> complaints = Files.readString(log)
                .lines()
                .filter(line -> line.contains("CONSOLE") && !line.contains("favicon"))
                .toList();
        assertEquals(List.of(), complaints, "what the page's scripts complained of");
        return Files.readString(out);
    }
}
