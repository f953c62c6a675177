package io.github.corymb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {

    @TempDir
    private static Path folder;

    private static Path file;
    private static Path run;

    @BeforeAll
    static void train() {
        file = SampleFile.write(folder);
        run = folder.resolve("run");
        Command train = Command.run("train", file.toString(), "--out", run.toString());
        assertEquals(0, train.status(), train.err());
        assertTrue(train.out().contains("clicked_price"), train.out());
        assertTrue(train.err().contains("time split on moment: train 700 rows"), train.err());
    }

    @Test
    void aRunHoldsWhatTheContractNames() throws IOException {
        for (String name : List.of("experiment.yaml", "metrics.json", "history.jsonl", "bundle/manifest.json")) {
            assertTrue(Files.size(run.resolve(name)) > 0, name);
        }
        JsonNode metrics = JsonMapper.builder()
                .build()
                .readTree(run.resolve("metrics.json").toFile());
        assertEquals(700, metrics.at("/rows/train").asInt());
        assertEquals("binary", metrics.at("/tasks/click/type").asText());
        assertTrue(metrics.at("/tasks/click/test/auc").asDouble() > 0.5);
        assertTrue(metrics.at("/parameters/embedding").asLong() == (31 + 17) * 4L, "a row an id");
        assertTrue(metrics.at("/examples_per_second").asDouble() > 0);
    }

    @Test
    void evaluateShowsTheSameAsTraining() throws IOException {
        Path out = folder.resolve("evaluation.json");
        Command evaluate = Command.run("evaluate", run.toString(), "--by", "parity", "--out", out.toString());
        assertEquals(0, evaluate.status(), evaluate.err());
        JsonNode json = JsonMapper.builder().build().readTree(out.toFile());
        JsonNode metrics = JsonMapper.builder()
                .build()
                .readTree(run.resolve("metrics.json").toFile());
        assertEquals(
                metrics.at("/tasks/click/test/auc").asDouble(),
                json.at("/click/all/auc").asDouble());
        assertEquals(
                json.at("/click/all/rows").asInt(),
                json.at("/click/0/rows").asInt() + json.at("/click/1/rows").asInt());
        assertTrue(evaluate.out().contains("users have one class only"), evaluate.out());
    }

    @Test
    void predictWorksFromTheBundleAlone() throws IOException {
        Path out = folder.resolve("scores.csv");
        Command predict = Command.run(
                "predict",
                run.resolve("bundle").toString(),
                "--source",
                "SELECT 3 AS user_id, 5 AS item_id, 0.5 AS price, 'x' AS note",
                "--out",
                out.toString(),
                "--keep",
                "note,user_id");
        assertEquals(0, predict.status(), predict.err());
        List<String> lines = Files.readAllLines(out);
        assertEquals("note,user_id,click,clicked_price", lines.getFirst());
        assertTrue(lines.get(1).startsWith("x,3,0."), lines.get(1));
    }

    @Test
    void anEmptySourceIsAMistake() {
        Path out = folder.resolve("nothing.csv");
        Command predict = Command.run("predict", run.toString(), "--source", " ", "--out", out.toString());
        Command evaluate = Command.run("evaluate", run.toString(), "--source", "");
        for (Command command : List.of(predict, evaluate)) {
            assertEquals(Main.USER_MISTAKE, command.status());
            assertEquals(
                    List.of("corymb: source: expected SQL or the path of a file, found nothing"), command.complaints());
        }
        assertFalse(Files.exists(out));
    }

    @Test
    void compareFindsNoDifferenceBetweenARunAndItself() {
        Path again = folder.resolve("again");
        assertEquals(
                0,
                Command.run("train", file.toString(), "--out", again.toString()).status());
        // one name and two runs would be seeds of one experiment: a name of its own makes it another
        Path other = folder.resolve("other");
        assertEquals(
                0,
                Command.run("train", file.toString(), "--set", "name=other", "--out", other.toString())
                        .status());
        Command compare = Command.run("compare", run.toString(), other.toString());
        assertEquals(0, compare.status(), compare.err());
        assertTrue(compare.out().contains("no difference shown"), compare.out());
        assertTrue(compare.out().contains("+0.0000"), compare.out());
    }

    @Test
    void severalSeedsGiveATableAndAPairedComparison() throws IOException {
        Path runs = folder.resolve("seeds");
        Command train = Command.run("train", file.toString(), "--seeds", "1-3", "--out", runs.toString());
        assertEquals(0, train.status(), train.err());
        assertTrue(Files.readString(runs.resolve("results.md")).contains("±"), train.out());
        Command other = Command.run(
                "train",
                file.toString(),
                "--set",
                "name=other",
                "--set",
                "model.experts=1",
                "--seeds",
                "1-3",
                "--out",
                runs.resolve("other").toString());
        assertEquals(0, other.status(), other.err());
        Command compare = Command.run(
                "compare",
                runs.resolve("sample-seed1").toString(),
                runs.resolve("sample-seed2").toString(),
                runs.resolve("sample-seed3").toString(),
                runs.resolve("other").resolve("other-seed1").toString(),
                runs.resolve("other").resolve("other-seed2").toString(),
                runs.resolve("other").resolve("other-seed3").toString());
        assertEquals(0, compare.status(), compare.err());
        assertTrue(compare.out().contains("t over 3 seeds"), compare.out());
    }

    @Test
    void inspectAndValidateShowWhatIsThere() {
        Command inspect = Command.run("inspect", run.toString(), "--parameters");
        assertEquals(0, inspect.status(), inspect.err());
        assertTrue(
                inspect.out()
                        .contains("\nmmoe: experts 2, expert [8], tower [4], activation relu, dropout 0.0, "
                                + "normalisation none, gate_dropout 0.0, computation looped\n"),
                inspect.out());
        assertTrue(inspect.out().contains("expert.0.layer.0.weight"), inspect.out());
        assertTrue(
                inspect.out().contains("admitted")
                        && inspect.out().contains("100.0 %")
                        && inspect.out().contains("float32"),
                "what has happened to the rows of tables: " + inspect.out());
        Command validate = Command.run("validate", file.toString());
        assertEquals(0, validate.status(), validate.err());
        assertTrue(validate.out().contains("is valid"), validate.out());
    }

    @Test
    void everyCommandExplainsItself() {
        for (String name :
                List.of("train", "validate", "evaluate", "predict", "compare", "inspect", "schema", "skew")) {
            Command help = Command.run(name, "--help");
            assertEquals(0, help.status(), name);
            assertTrue(help.out().contains("Example"), name);
        }
    }
}
