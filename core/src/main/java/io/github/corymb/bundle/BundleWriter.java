package io.github.corymb.bundle;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/// Writes a bundle: fill [#folder()], then [#commit(String, Instant)]. Until then everything lies in
/// `TARGET.partial-…` beside the target; closing without a commit deletes it.
///
/// Used by one thread.
public final class BundleWriter implements AutoCloseable {

    private final Path target;
    private final Path partial;
    private boolean committed;

    private BundleWriter(Path target, Path partial) {
        this.target = target;
        this.partial = partial;
    }

    /// @throws InputException where `target` is a file, or a folder that is not empty
    public static BundleWriter create(Path target) throws IOException {
        if (!AtomicFiles.isFree(target)) {
            throw occupied(target);
        }
        return new BundleWriter(target, AtomicFiles.createPartialFolder(target));
    }

    /// The folder to fill. Files in it are listed in the manifest under their relative paths.
    public Path folder() {
        return partial;
    }

    /// Where to write the file `path`, whose folders are made.
    ///
    /// @param path relative, with `/`, as in [BundleLayout]
    public Path file(String path) throws IOException {
        if (!BundleLayout.mayHold(path)) {
            throw new IllegalArgumentException("'%s' is not a path inside a bundle".formatted(path));
        }
        Path file = partial.resolve(path);
        Files.createDirectories(file.getParent());
        return file;
    }

    /// Writes the manifest over all files, flushes everything to the disk, and renames the folder to the target.
    ///
    /// @param corymb the version of Corymb that writes
    /// @param created the time to put down
    /// @throws InputException where something came to stand at the target in the meantime
    public Manifest commit(String corymb, Instant created) throws IOException {
        Manifest manifest = new Manifest(corymb, created, list());
        AtomicFiles.write(partial.resolve(BundleLayout.MANIFEST), manifest.toJson());
        try {
            AtomicFiles.publish(partial, target);
        } catch (FileAlreadyExistsException problem) {
            throw new InputException(occupied(target).getMessage(), problem);
        }
        committed = true;
        return manifest;
    }

    @Override
    public void close() throws IOException {
        if (!committed) {
            AtomicFiles.deleteTree(partial);
        }
    }

    private SortedMap<String, Manifest.StoredFile> list() throws IOException {
        SortedMap<String, Manifest.StoredFile> files = new TreeMap<>();
        Files.walkFileTree(partial, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!attributes.isRegularFile()) {
                    throw new IOException(file + " is not a regular file");
                }
                Sha256 sha256 = new Sha256();
                Crc32c crc32c = new Crc32c();
                FileSum.read(file, sha256, crc32c);
                files.put(
                        BundleLayout.pathOf(partial, file),
                        new Manifest.StoredFile(attributes.size(), sha256.hex(), crc32c.hex()));
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static InputException occupied(Path target) {
        return new InputException("%s: expected no file or an empty folder, found something there".formatted(target));
    }
}
