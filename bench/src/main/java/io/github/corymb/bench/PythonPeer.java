package io.github.corymb.bench;

import io.github.corymb.feature.InputException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A script of `bench/peers` that runs beside us. It prints `ready`, then for every line that it reads a line with the
/// rate of one round; it waits in between.
final class PythonPeer implements AutoCloseable {

    private static final Path SCRIPTS = Path.of("bench", "peers");

    private final String script;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    private PythonPeer(String script, Process process) {
        this.script = script;
        this.process = process;
        this.answers = process.inputReader();
        this.questions = process.outputWriter();
    }

    /// @throws InputException where it cannot be started, or does not get ready
    static PythonPeer start(Path python, String script, String... arguments) throws IOException {
        Path file = SCRIPTS.resolve(script);
        if (!Files.isRegularFile(file)) {
            throw new InputException("bench: expected to run in the project's folder, found no " + file);
        }
        List<String> command = new ArrayList<>(List.of(python.toString(), file.toString()));
        command.addAll(List.of(arguments));
        PythonPeer peer = new PythonPeer(
                script,
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
        peer.expect("ready");
        return peer;
    }

    /// One round, by what the script does.
    ///
    /// @param question what to do, for scripts that do several things
    /// @return the rate
    double ask(String question) throws IOException {
        questions.write(question);
        questions.newLine();
        questions.flush();
        String answer = answers.readLine();
        try {
            return Double.parseDouble(String.valueOf(answer));
        } catch (NumberFormatException noNumber) {
            throw new InputException("%s: expected a rate, found %s".formatted(script, answer), noNumber);
        }
    }

    Contender contender(String name, String question) {
        return new Contender(name, () -> ask(question));
    }

    private void expect(String word) throws IOException {
        String answer = answers.readLine();
        if (!word.equals(answer)) {
            close();
            throw new InputException(
                    "%s: expected it to say '%s', found %s; bench/peers/requirements.txt names what it needs"
                            .formatted(script, word, answer));
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
