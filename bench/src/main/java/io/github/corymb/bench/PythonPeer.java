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

/// A script of `bench/peers` that runs beside us. It prints `ready`, then for every line that it reads a line with the
/// rate of one round; it waits in between. Whoever starts it closes it.
///
/// One that fails, be it at its start, is asked no more: each further question gets the same [PeerFault].
final class PythonPeer implements AutoCloseable {

    private static final String READY = "ready";
    private static final int LAST_WORDS_SECONDS = 10; // for one that closed its output to end

    private final String script;
    private final Path complaints; // what it prints on standard error
    private Process process; // null where it could not be started
    private BufferedReader answers;
    private BufferedWriter questions;
    private PeerFault fault; // null while it answers

    private PythonPeer(String script, Path complaints) {
        this.script = script;
        this.complaints = complaints;
    }

    /// Waits until it is ready, or has failed.
    static PythonPeer start(Path python, Path script, String... arguments) throws IOException {
        PythonPeer peer =
                new PythonPeer(script.getFileName().toString(), Files.createTempFile("corymb-bench-", ".err"));
        List<String> command = new ArrayList<>(List.of(python.toString(), script.toString()));
        command.addAll(List.of(arguments));
        try {
            peer.begin(new ProcessBuilder(command)
                    .redirectError(peer.complaints.toFile())
                    .start());
        } catch (IOException noProgram) {
            peer.fail("'%s'".formatted(READY), noProgram.getMessage());
        }
        return peer;
    }

    private void begin(Process started) throws IOException {
        process = started;
        answers = started.inputReader();
        questions = started.outputWriter();
        String answer = answers.readLine();
        if (!READY.equals(answer)) {
            fail("'%s'".formatted(READY), found(answer) + "; bench/peers/requirements.txt names what it needs");
        }
    }

    /// One round, by what the script does.
    ///
    /// @param question what to do, for scripts that do several things
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
        fault = new PeerFault("%s: expected %s, found %s".formatted(script, expected, found));
        return fault;
    }

    /// What came instead of the answer: a line, or how the script ended with the last words of its complaints.
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
