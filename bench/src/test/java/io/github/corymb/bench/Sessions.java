package io.github.corymb.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// Sessions whose peers are shell scripts.
final class Sessions {

    private static final Path SHELL = Path.of("/bin/sh");

    private Sessions() {}

    static boolean hasShell() {
        return Files.isExecutable(SHELL);
    }

    /// One that runs no peer.
    static Session alone(int rounds) {
        return new Session(new PrintWriter(new StringWriter()), rounds, null, Path.of("none"));
    }

    /// One whose peers lie in `scripts`.
    static Session withPeers(int rounds, Path scripts) {
        return new Session(new PrintWriter(new StringWriter()), rounds, SHELL, scripts);
    }

    static Peer peer(Path scripts, String... lines) throws IOException {
        return Peer.python(SHELL, script(scripts, "peer.py", lines));
    }

    static Path script(Path scripts, String name, String... lines) throws IOException {
        return Files.write(scripts.resolve(name), List.of(lines));
    }

    /// What stands in the notes under `what`.
    static String note(Session session, String what) {
        return session.notes().stream()
                .filter(note -> note.what().equals(what))
                .map(Session.Note::figure)
                .collect(Collectors.joining("\n"));
    }

    /// Who has a figure, in order.
    static List<String> contenders(Session session) {
        return session.figures().stream().map(Figure::contender).toList();
    }
}
