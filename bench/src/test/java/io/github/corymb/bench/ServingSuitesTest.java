package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.ExperimentReader;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.Ranking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The suites that rank, at a size of no meaning, by models that are trained for it and servers that are started.
class ServingSuitesTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private static RankCase tiny(int seed) {
        String text = """
            name: tiny
            seed: %d
            data:
              source: >
                SELECT i %% 31 AS user_id, i * 7 %% 17 AS item_id, i / 9.0 AS price, j AS moment, j %% 2 AS click
                FROM range(400) AS a(i) POSITIONAL JOIN range(400) AS b(j)
              split: {by: time, column: moment, validation: 0.1, test: 0.1}
              cache: false
            features:
              user_id: {type: categorical, side: user, dimension: 4}
              item_id: {type: categorical, side: item, dimension: 4}
              price: {type: numeric, side: item}
            tasks:
              click: {type: binary, label: click}
            model: {type: mmoe, experts: 2, expert: [4], tower: [2]}
            train: {epochs: 1, batch: 64, threads: 1}
            """.formatted(seed);
        return new RankCase("tiny", () -> ExperimentReader.parse(text, "tiny", Path.of(""), List.of()));
    }

    /// A command that runs the real one from the classes of this test.
    private void command() throws IOException {
        assumeTrue(Sessions.hasShell());
        Path command = Sessions.script(
                folder,
                "corymb",
                "#!/bin/sh",
                "exec '%s/bin/java' --enable-native-access=ALL-UNNAMED --add-modules=jdk.incubator.vector -cp '%s' %s"
                                .formatted(
                                        System.getProperty("java.home"),
                                        System.getProperty("java.class.path"),
                                        "io.github.corymb.cli.Main")
                        + " \"$@\"");
        assertTrue(command.toFile().setExecutable(true));
    }

    private static Session run(Suite suite) throws Exception {
        Session session = Sessions.alone(1);
        session.begin(suite);
        suite.run(session);
        return session;
    }

    @Test
    void rankingComparesWholeRequestsWithBareOnnxRuntime() throws Exception {
        Session session = run(new RankingSuite(List.of(tiny(1)), List.of(3, 20), 0.05));
        for (int itemCount : List.of(3, 20)) {
            String what = "tiny, %d items: ".formatted(itemCount);
            assertTrue(Sessions.note(session, what + "rank").startsWith("p50 "));
            double ratio = Double.parseDouble(
                    Sessions.note(session, what + "rank by bare").split(" ", 2)[0]);
            assertTrue(ratio > 0.5, "a whole request has the bare run in it: " + ratio);
            assertTrue(Sessions.note(session, what + "stages of rank").contains("ONNX Runtime"));
        }
        assertTrue(Sessions.note(session, "tiny, 20 items: user repeated by user once")
                .contains("scores differ by at most"));
        assertEquals(List.of("1 thread", "2 threads"), Sessions.contenders(session));
    }

    @Test
    void servingLosesNoRequest() throws Exception {
        command();
        ServingSuite.Size size = new ServingSuite.Size(List.of(5), 4, 1, 0.3, 3, 0.6);
        Session session = run(new ServingSuite(folder, List.of(tiny(1)), size));
        assertTrue(Sessions.note(session, "tiny, 5 items, one client").endsWith(", 0 failed"));
        assertTrue(session.notes().stream()
                .anyMatch(note ->
                        note.what().endsWith("warm-up 1") && note.figure().contains(", compilers at work ")));
        assertTrue(Sessions.note(session, "tiny, 5 items, at most").endsWith(" requests/s, 0 failed"));
        String stages = Sessions.note(session, "tiny, 5 items, mean time in the server");
        assertTrue(stages.matches("parse \\d+\\.\\d+ ms.*, whole \\d+\\.\\d+ ms"), stages);
        assertTrue(Double.parseDouble(stages.split(" ", 3)[1]) > 0, stages);
        List<String> told = session.notes().stream().map(Session.Note::what).toList();
        for (int round = 1; round <= 3; round++) {
            String ending = " requests/s, round " + round;
            assertTrue(told.stream().anyMatch(what -> what.endsWith(ending)), ending);
        }
        String ratio = session.notes().stream()
                .filter(note -> note.what().endsWith(" requests/s, p99 by p50"))
                .findFirst()
                .orElseThrow()
                .figure();
        assertTrue(ratio.matches("\\d+\\.\\d ×, median of 3 rounds \\(\\d+\\.\\d to \\d+\\.\\d\\)"), ratio);
    }

    @Test
    void readyTellsTheStart() throws Exception {
        command();
        Session session = run(new ReadySuite(folder, tiny(2), 1));
        List<String> told = session.notes().stream().map(Session.Note::what).toList();
        for (String start : List.of("start to ready, tables of ", "start to ready with --trust-tables, tables of ")) {
            assertTrue(told.stream().anyMatch(what -> what.startsWith(start)), start);
        }
    }

    @Test
    void smallRequestsAreAnsweredByARunEachAndByOneForThoseThatWait() throws Exception {
        command();
        Session session = run(new SmallSuite(folder, List.of(tiny(1)), List.of(2), 8, 0.5));
        assertEquals(List.of("a run each", "a run for those that wait"), Sessions.contenders(session));
        double together = Double.parseDouble(Sessions.note(session, "tiny, 2 items over HTTP, requests a run"));
        assertTrue(together > 1 && together <= 8, "requests a run: " + together);
        String ratio = Sessions.note(session, "tiny, 2 items over HTTP, a run for those that wait by a run each");
        assertTrue(Double.parseDouble(ratio.split(" ", 2)[0]) > 0, ratio);
        assertEquals(
                2,
                session.notes().stream()
                        .filter(note -> note.figure().endsWith(", 0 failed"))
                        .count());
    }

    @Test
    void soakFindsEveryVersionAndNoMixedAnswer() throws Exception {
        command();
        Session session = run(new SoakSuite(folder, List.of(tiny(1), tiny(2)), 1.5, 0.3, 3));
        assertEquals("0", Sessions.note(session, "answers that were no 200"));
        assertEquals("0", Sessions.note(session, "answers not as the version they name gives them"));
        assertTrue(Sessions.note(session, "versions published").matches("[3-9], of which [2-9] answered"));
        assertTrue(Sessions.note(session, "resident memory of the server").endsWith(" at the end"));
    }

    @Test
    void anAnswerOfAnotherVersionOrWithAnotherScoreIsMixed() throws Exception {
        List<RankModel> models =
                List.of(RankModel.of(tiny(1), folder.resolve("one")), RankModel.of(tiny(2), folder.resolve("two")));
        KnownAnswers answers = new KnownAnswers(models, 2, 5, 1);
        answers.publish("1", models.get(0));
        answers.publish("2", models.get(1));
        ObjectNode answer = JSON.createObjectNode().put("version", "1");
        try (Ranker ranker = Ranker.open(models.get(0).bundle())) {
            Ranking ranking =
                    ranker.rank(models.get(0).userRows(1, 1), models.get(0).itemRows(1, 5));
            answer.put("bundle", ranking.bundle().digest());
            answer.putArray("items").addObject().put("index", 3).put("score", ranking.scores()[3]);
        }
        assertTrue(answers.isRight(1, JSON.writeValueAsBytes(answer)));
        assertFalse(answers.isRight(0, JSON.writeValueAsBytes(answer)), "of another question");
        assertFalse(answers.isRight(1, JSON.writeValueAsBytes(answer.put("version", "2"))));
        assertFalse(answers.isRight(1, JSON.writeValueAsBytes(answer.put("version", "3"))));
        assertEquals(3, answers.mixedCount());
    }

    @Test
    void aCommandThatDoesNotServeIsTold() throws Exception {
        assumeTrue(Sessions.hasShell());
        Path command = Sessions.script(folder, "corymb", "#!/bin/sh", "echo corymb: no such bundle");
        assertTrue(command.toFile().setExecutable(true));
        InputException mistake = assertThrows(InputException.class, () -> ServedProcess.start(folder, folder));
        assertEquals(
                "corymb serve: expected the port it listens at, found: corymb: no such bundle", mistake.getMessage());
    }
}
