package io.github.corymb.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {

    @TempDir
    Path folder;

    @Test
    void aFileIsReplacedWhole() throws IOException {
        Path file = folder.resolve("metrics.json");
        AtomicFiles.write(file, "a longer text");
        AtomicFiles.write(file, "short");
        assertEquals("short", Files.readString(file));
        assertEquals(List.of(file), entries());
    }

    @Test
    void aWriterThatFailsHalfwayLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("metrics.json");
        AtomicFiles.write(file, "old");
        IOException full = assertThrows(
                IOException.class,
                () -> AtomicFiles.write(file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[100]));
                    throw new IOException("No space left on device");
                }));
        assertEquals("No space left on device", full.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of(file), entries());
    }

    @Test
    void whatAKilledWriterLeftIsDeletedAndNothingElse() throws IOException {
        AtomicFiles.deletePartials(folder.resolve("missing"));
        Path whole = Files.writeString(folder.resolve("metrics.json"), "whole");
        Path own = Files.writeString(folder.resolve("notes.partial-1"), "a user's own");
        Path partial = AtomicFiles.createPartialFolder(folder.resolve("step-1"));
        Files.writeString(partial.resolve("a.rows"), "half");
        AtomicFiles.deletePartials(folder);
        assertEquals(List.of(whole, own), entries());
    }

    @Test
    void aFolderIsPublishedWholeAndNeverOverAnother() throws IOException {
        Path target = folder.resolve("checkpoints/1");
        Path partial = AtomicFiles.createPartialFolder(target);
        Files.createDirectories(partial.resolve("tables"));
        Files.writeString(partial.resolve("tables/a.rows"), "rows");
        assertTrue(Files.notExists(target));
        AtomicFiles.publish(partial, target);
        assertEquals("rows", Files.readString(target.resolve("tables/a.rows")));

        Path second = AtomicFiles.createPartialFolder(target);
        assertThrows(FileAlreadyExistsException.class, () -> AtomicFiles.publish(second, target));
        assertEquals("rows", Files.readString(target.resolve("tables/a.rows")));
    }

    @Test
    void deletingATreeDoesNotFollowLinksAndMindsNothingMissing() throws IOException {
        Path kept =
                Files.writeString(Files.createDirectory(folder.resolve("kept")).resolve("a"), "a");
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), folder.resolve("kept"));
        AtomicFiles.deleteTree(tree);
        AtomicFiles.deleteTree(tree);
        assertEquals("a", Files.readString(kept));
        assertEquals(List.of(folder.resolve("kept")), entries());
    }

    private List<Path> entries() throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
