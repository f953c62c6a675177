package io.github.corymb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The files of this repository as a person who cloned it sees them: nothing built, nothing written by a run.
final class RepositoryFiles {

    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".idea", ".settings", ".venv", "runs");

    /// The folder that holds the parent pom and the launcher.
    static final Path ROOT = root();

    private RepositoryFiles() {}

    /// Every file whose name ends with `ending`, sorted.
    static List<Path> ending(String ending) {
        return all().stream().filter(file -> file.toString().endsWith(ending)).toList();
    }

    static List<Path> all() {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    boolean ours = folder.equals(ROOT)
                            || !NOT_OURS.contains(folder.getFileName().toString());
                    return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(file);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        return files.stream().sorted().toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException fault) {
            throw new UncheckedIOException(file.toString(), fault);
        }
    }

    /// `file`, or `file:line` where `line` counts from 1, as it is said in a complaint.
    static String place(Path file, long line) {
        return ROOT.relativize(file) + (line > 0 ? ":" + line : "");
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("corymb"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
