package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

    private final List<String> ran = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    /// Leaves one note.
    private final class Noting implements Suite {

        private final String name;

        Noting(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String purpose() {
            return "measures " + name;
        }

        @Override
        public void run(Session session) throws IOException {
            ran.add(name);
            session.note("figure", name);
            if (name.equals("broken")) {
                throw new IOException("ours");
            }
        }
    }

    private int run(String... arguments) {
        List<Suite> suites = List.of(new Noting("tables"), new Noting("steps"), new Noting("broken"));
        return Bench.run(
                suites,
                folder,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private void refuses(String message, String... arguments) {
        err.reset();
        assertEquals(1, run(arguments));
        assertEquals("corymb: " + message, err.toString(StandardCharsets.UTF_8).strip());
        assertEquals(List.of(), ran);
    }

    @Test
    void listNamesEverySuiteAndRunsNone() {
        assertEquals(0, run("--list"));
        assertEquals(
                List.of("tables     measures tables", "steps      measures steps", "broken     measures broken"),
                out.toString(StandardCharsets.UTF_8).lines().limit(3).toList());
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("jmh        hot paths"));
        assertEquals(List.of(), ran);
    }

    @Test
    void onlyTheSuitesThatAreNamedRunInTheirOwnOrder() {
        assertEquals(0, run("steps", "tables"));
        assertEquals(List.of("tables", "steps"), ran);
    }

    @Test
    void anUnknownSuiteNamesTheNearest() {
        refuses(
                "bench: expected one of tables, steps, broken, jmh, found 'tabels'; did you mean 'tables'?",
                "steps",
                "tabels");
        refuses("bench: expected one of tables, steps, broken, jmh, found 'everything'", "everything");
    }

    @Test
    void argumentsOutOfRangeAreRefusedBeforeAnythingRuns() throws IOException {
        refuses("--rounds: expected at least 1, found 0", "--rounds", "0", "steps");
        refuses("--rounds: expected at least 1, found -3", "--rounds=-3");
        refuses("Invalid value for option '--rounds': 'x' is not an int; see 'corymb bench --help'", "--rounds", "x");
        Path python = folder.resolve("python");
        refuses("--python: expected an interpreter, found no program " + python, "--python", python.toString());
        Path file = Files.createFile(folder.resolve("file"));
        refuses("--out: expected a folder that can be written, found " + file, "--out", file.toString());
    }

    @Test
    void theReportsTellTheCommandAndTheNotes() throws IOException {
        assertEquals(0, run("steps", "--out", folder.toString()));
        String report = Files.readString(folder.resolve("bench.md"));
        assertTrue(report.contains("`./corymb bench steps --out " + folder + "`"));
        assertTrue(report.contains("| steps | figure | steps |"));
        assertTrue(Files.exists(folder.resolve("bench.json")));
    }

    @Test
    void whatWasMeasuredBeforeAFaultStays() throws IOException {
        assertFalse(run("--out", folder.toString()) == 0);
        assertEquals(List.of("tables", "steps", "broken"), ran);
        assertTrue(Files.readString(folder.resolve("bench.md")).contains("| steps | figure | steps |"));
    }

    @Test
    void jmhTakesNothingBeforeIt() {
        refuses("bench jmh: expected nothing before it but --out, found [steps]", "steps", "jmh");
        refuses("bench jmh: expected nothing before it but --out, found [--rounds]", "--rounds", "3", "jmh");
        refuses("bench jmh: expected nothing before it but --out, found [--list]", "--list", "jmh");
    }

    @Test
    void jmhRefusesWhatItDoesNotKnow() {
        assertEquals(1, run("jmh", "-i", "many"));
        assertEquals(1, err.toString(StandardCharsets.UTF_8).lines().count());
        assertThrows(Exception.class, () -> Files.size(folder.resolve("bench.md")));
    }

    @Test
    void jmhRefusesAPatternThatFitsNothing() {
        refuses("bench jmh: no benchmark fits the pattern; -l lists them", "--out", folder.toString(), "jmh", "None");
    }
}
