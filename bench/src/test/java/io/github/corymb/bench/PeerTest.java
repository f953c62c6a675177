package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void needsAShell() {
        assumeTrue(Sessions.hasShell());
    }

    /// The message of the first answer.
    private String fault(String... lines) throws IOException {
        try (Peer peer = Sessions.peer(folder, lines)) {
            PeerFault fault = assertThrows(PeerFault.class, () -> peer.ask("rate"));
            assertEquals(1, fault.getMessage().lines().count());
            return fault.getMessage();
        }
    }

    @Test
    void eachQuestionGetsItsAnswer() throws IOException {
        try (Peer peer =
                Sessions.peer(folder, "echo ready", "while read what n; do [ $what = dense ] && echo $n.5; done")) {
            assertEquals(3.5, peer.ask("dense 3"));
            assertEquals(4.5, peer.ask("dense 4"));
        }
    }

    @Test
    void itGetsItsArguments() throws IOException {
        Path script = Sessions.script(folder, "peer.py", "echo ready; read question; echo $2");
        try (Peer peer = Peer.python(Path.of("/bin/sh"), script, "first", "7.25")) {
            assertEquals(7.25, peer.ask("rate"));
        }
    }

    @Test
    void oneThatDiesBeforeItIsReadyIsToldWithItsLastWords() throws IOException {
        assertEquals(
                "peer.py: expected 'ready', found the end of its output (exit status 3): "
                        + "ModuleNotFoundError: No module named 'torch'"
                        + "; bench/peers/requirements.txt names what it needs",
                fault("echo 'Traceback:' >&2; echo \"ModuleNotFoundError: No module named 'torch'\" >&2; exit 3"));
    }

    @Test
    void oneThatSaysSomethingElseThanReadyIsTold() throws IOException {
        assertEquals(
                "peer.py: expected 'ready', found 'hello'; bench/peers/requirements.txt names what it needs",
                fault("echo hello; read question"));
    }

    @Test
    void whatIsNoRateIsTold() throws IOException {
        for (String answer : List.of("fast", "NaN", "Infinity", "0.0", "-3", "")) {
            assertEquals(
                    "peer.py: expected a rate, found '%s'".formatted(answer),
                    fault("echo ready; read question; echo '%s'; read question".formatted(answer)));
        }
    }

    @Test
    void oneThatDiesAtWorkIsToldWithItsStatus() throws IOException {
        assertEquals(
                "peer.py: expected a rate, found the end of its output (exit status 4): killed",
                fault("echo ready; read question; echo killed >&2; exit 4"));
    }

    @Test
    void oneThatDiedBeforeItWasAskedIsTold() throws IOException {
        assertEquals(
                "peer.py: expected a rate, found the end of its output (exit status 0)", fault("echo ready; exit 0"));
    }

    @Test
    void oneThatFailedIsAskedNoMore() throws IOException {
        try (Peer peer = Sessions.peer(folder, "echo ready; read q; echo no; read q; echo 5; read q")) {
            PeerFault first = assertThrows(PeerFault.class, () -> peer.ask("rate"));
            assertSame(first, assertThrows(PeerFault.class, () -> peer.ask("rate")));
        }
    }

    @Test
    void aProgramThatCannotBeStartedIsTold() throws IOException {
        Path script = Sessions.script(folder, "peer.py", "echo ready");
        try (Peer peer = Peer.python(folder.resolve("python"), script)) {
            PeerFault fault = assertThrows(PeerFault.class, () -> peer.ask("rate"));
            assertTrue(fault.getMessage().startsWith("peer.py: expected 'ready', found Cannot run program"));
        }
    }

    @Test
    void aSessionLeavesOutAPeerThatFailsAndGoesOn() throws Exception {
        Sessions.script(folder, "dies.py", "exit 1");
        Sessions.script(folder, "works.py", "echo ready; while read question; do echo 20; done");
        Session session = Sessions.withPeers(2, folder);
        try (Peer dies = session.peer("dies.py");
                Peer works = session.peer("works.py")) {
            double[] medians = session.compare(
                    "what",
                    "rows/s",
                    List.of(
                            new Contender("ours", () -> 10),
                            dies.contender("dies", "a"),
                            dies.contender("dies again", "b"),
                            works.contender("works", "a")));
            assertEquals(20.0 / 10, medians[3] / medians[0]);
            assertTrue(session.ask(dies, "auc 3").isEmpty());
            assertEquals(20, session.ask(works, "auc 3").orElseThrow());
        }
        assertEquals(List.of("ours", "works"), Sessions.contenders(session));
        assertEquals(1, session.notes().size()); // three questions, one line
    }

    @Test
    void aScriptThatIsMissingIsAMistakeOfTheUser() {
        InputException mistake = assertThrows(
                InputException.class,
                () -> Sessions.withPeers(1, folder).peer("none.py").close());
        assertEquals(
                "bench: expected to run in the project's folder, found no " + folder.resolve("none.py"),
                mistake.getMessage());
    }
}
