package io.github.corymb.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process that runs beside us: a script of `bench/peers`, or a JVM of our own for what is settled once a process. It
/// prints `ready`, then for every line that it reads a line with the rate of one round; it waits in between. Whoever
/// starts it closes it.
///
/// One that fails, be it at its start, is asked no more: each further question gets the same [PeerFault].
final class Peer implements AutoCloseable {

    private static final String READY = "ready";
    private static final int LAST_WORDS_SECONDS = 10; // for one that closed its output to end

    private final String name;
    private final String needs; // what to say where it does not begin
    private final Path complaints; // what it prints on standard error
    private Process process; // null where it could not be started
    private BufferedReader answers;
    private BufferedWriter questions;
    private PeerFault fault; // null while it answers

    private Peer(String name, String needs) throws IOException {
        this.name = name;
        this.needs = needs;
        complaints = Files.createTempFile("corymb-bench-", ".err");
    }

    /// Starts a script, and waits until it is ready or has failed.
    static Peer python(Path python, Path script, String... arguments) throws IOException {
        Peer peer = new Peer(script.getFileName().toString(), "; bench/peers/requirements.txt names what it needs");
        List<String> command = new ArrayList<>(List.of(python.toString(), script.toString()));
        command.addAll(List.of(arguments));
        return peer.begin(command);
    }

    /// Starts a JVM like this one, and waits until it is ready or has failed.
    static Peer jvm(Class<?> main, String... arguments) throws IOException {
        List<String> command = OwnJvm.command(main, List.of());
        command.addAll(List.of(arguments));
        return new Peer(main.getSimpleName(), "").begin(command);
    }

    private Peer begin(List<String> command) throws IOException {
        try {
            process = new ProcessBuilder(command)
                    .redirectError(complaints.toFile())
                    .start();
        } catch (IOException noProgram) {
            fail("'%s'".formatted(READY), noProgram.getMessage());
            return this;
        }
        answers = process.inputReader();
        questions = process.outputWriter();
        String answer = answers.readLine();
        if (!READY.equals(answer)) {
            fail("'%s'".formatted(READY), found(answer) + needs);
        }
        return this;
    }

    /// One round, by what the process does.
    ///
    /// @param question what to do, for one that does several things
    /// @return the rate
    /// @throws PeerFault where it has failed, now or before
    double ask(String question) throws IOException {
        if (fault != null) {
            throw fault;
        }
        String answer = answerTo(question);
        double rate = parse(answer);
        if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            throw fail("a rate", found(answer));
        }
        return rate;
    }

    Contender contender(String name, String question) {
        return new Contender(name, () -> ask(question));
    }

    private String answerTo(String question) {
        try {
            questions.write(question);
            questions.newLine();
            questions.flush();
            return answers.readLine();
        } catch (IOException _) { // it has closed what it reads from
            return null;
        }
    }

    private static double parse(String answer) {
        try {
            return Double.parseDouble(String.valueOf(answer));
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    private PeerFault fail(String expected, String found) {
        fault = new PeerFault("%s: expected %s, found %s".formatted(name, expected, found));
        return fault;
    }

    /// What came instead of the answer: a line, or how the process ended with the last words of its complaints.
    private String found(String answer) throws IOException {
        if (answer != null) {
            return "'" + answer.strip() + "'";
        }
        String ending = ending();
        List<String> said = new String(Files.readAllBytes(complaints), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return "the end of its output" + ending
                + (said.isEmpty() ? "" : ": " + said.getLast().strip());
    }

    private String ending() {
        try {
            return process.waitFor(LAST_WORDS_SECONDS, TimeUnit.SECONDS)
                    ? " (exit status " + process.exitValue() + ")"
                    : "";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroy();
        }
        Files.deleteIfExists(complaints);
    }
}
