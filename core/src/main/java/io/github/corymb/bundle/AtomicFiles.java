package io.github.corymb.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;

/// Files and folders that appear whole or not at all: written under another name beside their place, flushed to the
/// disk, then renamed. A reader, a crash or a full disk finds the old content or the new one.
///
/// Whoever is killed in between leaves a `NAME.partial-…` beside the target, which nothing reads, until
/// [#deletePartials(Path)].
public final class AtomicFiles {

    /// What writes a file's content through a channel that stands at the start of an empty file.
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    private static final String PARTIAL = ".partial-";
    private static final String ANY_UUID = "????????-????-????-????-????????????"; // as a glob

    private AtomicFiles() {}

    /// Replaces the text of `target`, as UTF-8.
    public static void write(Path target, String text) throws IOException {
        write(target, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Replaces the bytes of `target`.
    public static void write(Path target, byte[] bytes) throws IOException {
        write(target, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
    }

    /// Replaces what `target` holds. The folder of `target` must exist.
    ///
    /// @throws IOException where the disk refused; `target` is then as it was, and nothing lies beside it
    public static void write(Path target, Content content) throws IOException {
        Path partial = partialOf(target);
        try {
            try (FileChannel channel =
                    FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException failure) {
            deleteAfter(failure, partial);
            throw failure;
        }
        syncFolder(folderOf(target));
    }

    /// Makes a folder beside `target` to be filled and then handed to [#publish(Path, Path)].
    public static Path createPartialFolder(Path target) throws IOException {
        Files.createDirectories(folderOf(target));
        return Files.createDirectory(partialOf(target));
    }

    /// Flushes everything in `partial`, and renames it to `target`, which must be missing or an empty folder.
    ///
    /// @throws FileAlreadyExistsException where something else stands at `target`
    public static void publish(Path partial, Path target) throws IOException {
        if (!isFree(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        syncTree(partial);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(folderOf(target));
    }

    /// Whether nothing would be lost by putting a folder at `target`: it is missing, or an empty folder.
    public static boolean isFree(Path target) throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (var entries = Files.newDirectoryStream(target)) {
            return !entries.iterator().hasNext();
        }
    }

    /// Deletes a file, or a folder with all that is in it; links are deleted, not followed. What is missing is fine.
    public static void deleteTree(Path root) throws IOException {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException _) {
            return;
        }
    }

    /// Deletes what writers that were killed left in `folder`, which may be missing. Nobody may be writing there now.
    public static void deletePartials(Path folder) throws IOException {
        try (DirectoryStream<Path> partials = Files.newDirectoryStream(folder, "*" + PARTIAL + ANY_UUID)) {
            for (Path partial : partials) {
                deleteTree(partial);
            }
        } catch (NoSuchFileException _) {
            return;
        }
    }

    /// Writes all that remains of `bytes`.
    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void syncTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                syncFolder(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /// Makes the names in a folder durable, on file systems that can: POSIX ones open a folder for reading.
    private static void syncFolder(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path partialOf(Path target) {
        return target.resolveSibling(target.getFileName() + PARTIAL + UUID.randomUUID());
    }

    private static Path folderOf(Path target) {
        return target.toAbsolutePath().getParent();
    }

    private static void deleteAfter(Exception failure, Path partial) {
        try {
            deleteTree(partial);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }
}
