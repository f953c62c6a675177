package io.github.corymb.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One run of the `corymb` command inside the tests' own process.
///
/// @param status its exit status
/// @param out what it printed
/// @param err what it printed on standard error
record Command(int status, String out, String err) {

    static Command run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new Command(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// The lines on standard error, without those that tell of progress.
    List<String> complaints() {
        return err.lines().filter(line -> line.startsWith("corymb: ")).toList();
    }
}
