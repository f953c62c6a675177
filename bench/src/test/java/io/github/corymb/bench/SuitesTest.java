package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each suite at a size of no meaning: what it leaves, and that a peer is asked where there is one.
class SuitesTest {

    @TempDir
    private Path folder;

    /// Of 40 training rows, in batches of 8: 5 steps an epoch.
    private Path experiment() throws IOException {
        return Files.writeString(folder.resolve("tiny.yaml"), """
            name: tiny
            data:
              source: >
                SELECT i % 7 AS user_id, j AS moment, j % 2 AS click
                FROM range(60) AS a(i) POSITIONAL JOIN range(60) AS b(j)
              split: {by: time, column: moment, validation: 0.167, test: 0.167}
            features:
              user_id: {type: categorical, side: user, dimension: 4}
            tasks:
              click: {type: binary, label: click}
            model: {type: mmoe, experts: 2, expert: [4], tower: [2]}
            train: {epochs: 2, batch: 8, threads: 1}
            """);
    }

    private static Session run(Suite suite, Session session) throws Exception {
        session.begin(suite);
        suite.run(session);
        session.figures().forEach(figure -> {
            assertEquals(suite.name(), figure.suite());
            assertTrue(figure.low() > 0 && figure.low() <= figure.median() && figure.median() <= figure.high());
        });
        return session;
    }

    @Test
    void capacityTellsTheMemoryOfARowAndOpensItsSnapshot() throws Exception {
        CapacitySuite.Size size = new CapacitySuite.Size(1_000, 2_000, 256, 2);
        Session session = run(new CapacitySuite(size, folder), Sessions.alone(1));
        assertEquals(4, session.figures().size());
        for (String rows : List.of("1,000 rows", "2,000 rows")) {
            assertTrue(Sessions.note(session, rows + ": memory of the table").endsWith(" bytes a row"));
            assertTrue(Sessions.note(session, rows + ": snapshot opened").contains(" ms, "));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void epochGoesOnWithoutAPeerThatDies() throws Exception {
        assumeTrue(Sessions.hasShell());
        Sessions.script(folder, "epoch_mmoe.py", "echo ready; read question; exit 9");
        EpochSuite.Case tiny = new EpochSuite.Case("tiny", experiment(), folder, List.of());
        EpochSuite.Case absent = new EpochSuite.Case("ml1m", experiment(), null, List.of());
        Session session = run(new EpochSuite(List.of(tiny, absent)), Sessions.withPeers(1, folder));
        assertEquals(List.of("Corymb"), Sessions.contenders(session));
        assertEquals(
                "epoch_mmoe.py: expected a rate, found the end of its output (exit status 9)",
                Sessions.note(session, "left out"));
        assertTrue(Sessions.note(session, "tiny, mean test AUC, Corymb").endsWith(" after 3 epochs"));
        assertTrue(Sessions.note(session, "ml1m").startsWith("skipped: "));
    }

    @Test
    void startWaitsForTheFirstStep() throws Exception {
        assumeTrue(Sessions.hasShell());
        Path command = Sessions.script(folder, "corymb", "#!/bin/sh", "echo data: 1 s >&2; echo network: 2 s >&2");
        assertTrue(command.toFile().setExecutable(true));
        assertEquals(2, run(new StartSuite(folder), Sessions.alone(1)).figures().size());
        Sessions.script(folder, "corymb", "#!/bin/sh", "echo data: 1 s >&2");
        InputException mistake =
                assertThrows(InputException.class, () -> run(new StartSuite(folder), Sessions.alone(1)));
        assertEquals("corymb train: expected a first step, found none", mistake.getMessage());
    }
}
