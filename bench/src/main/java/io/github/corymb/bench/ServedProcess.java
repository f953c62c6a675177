package io.github.corymb.bench;

import io.github.corymb.feature.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `corymb serve` in a process of its own, from the moment that it says where it listens. Whoever starts it closes it.
final class ServedProcess implements AutoCloseable {

    private static final Pattern LISTENS = Pattern.compile("serving .* at http://[^:]+:(\\d+)");
    private static final int STOP_SECONDS = 30;

    private final Process process;
    private final int port;
    private final double startSeconds;

    private ServedProcess(Process process, int port, double startSeconds) {
        this.process = process;
        this.port = port;
        this.startSeconds = startSeconds;
    }

    /// @param project the folder with the command
    /// @param served a bundle, or a folder of bundles
    /// @throws InputException where it does not listen
    static ServedProcess start(Path project, Path served) throws IOException {
        return start(project, served, List.of());
    }

    /// @param before what begins the command
    /// @param options what ends it
    /// @throws InputException where it does not listen
    static ServedProcess start(Path project, Path served, List<String> before, String... options) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("./corymb", "serve", served.toString(), "--port", "0"));
        command.addAll(List.of(options));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .directory(project.toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .start();
        String last = "nothing";
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher listens = LISTENS.matcher(line);
            if (listens.find()) {
                Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {})); // a full pipe would hold it up
                return new ServedProcess(process, Integer.parseInt(listens.group(1)), Session.secondsSince(start));
            }
            last = line;
        }
        process.destroy();
        throw new InputException("corymb serve: expected the port it listens at, found: " + last);
    }

    int port() {
        return port;
    }

    /// From the command to the line that says where it listens.
    double startSeconds() {
        return startSeconds;
    }

    /// Bytes in physical memory; 0 where the system does not tell.
    long residentSize() throws IOException {
        Path status = Path.of("/proc/%d/status".formatted(process.pid()));
        if (!Files.isReadable(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D+", "")))
                    .findFirst()
                    .orElse(0);
        }
    }

    /// What it has taken of processors so far; 0 where the system does not tell.
    double processorSeconds() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    /// Full garbage collections so far; -1 where nobody tells.
    long fullCollectionCount() throws IOException {
        return (long) statistic("-gc", "FGC");
    }

    /// What its compilers have taken so far; -1 where nobody tells.
    double compilerSeconds() throws IOException {
        return statistic("-compiler", "Time");
    }

    /// What `jstat` tells; -1 where it does not.
    private double statistic(String option, String name) throws IOException {
        String jstat = Path.of(System.getProperty("java.home"), "bin", "jstat").toString();
        Process told = new ProcessBuilder(jstat, option, Long.toString(process.pid())).start();
        try (BufferedReader lines = told.inputReader()) {
            String names = lines.readLine();
            String values = lines.readLine();
            if (names == null || values == null) {
                return -1;
            }
            int column = List.of(names.strip().split("\\s+", -1)).indexOf(name);
            return column < 0 ? -1 : Double.parseDouble(values.strip().split("\\s+", -1)[column]);
        } catch (NumberFormatException none) {
            return -1;
        }
    }

    /// What the server counts, by a line's name and labels as they stand in `/metrics`; 0 where it is not there.
    double metric(String name) throws IOException {
        try (HttpConnection connection = new HttpConnection(port)) {
            connection.ask(HttpConnection.get("/metrics"));
            return new String(connection.body(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElse(0);
        }
    }

    @Override
    public void close() {
        process.destroy(); // it drains
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
