package io.github.corymb.bundle;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// A bundle that was found to be what its manifest says: of this format version, every file there with its size and
/// digest or checksum, and nothing else. It holds no resource.
public final class BundleReader {

    /// How much of a bundle is read when it is opened.
    public enum Verification {
        /// The digest of every file.
        EVERY_FILE,
        /// The digest of every file but the tables, and of those the CRC-32C, for which a GB takes a tenth of a second
        /// and not a whole one: whatever befell a table is found, and one that was made to look the same is not.
        TABLES_BY_CRC32C,
        /// The digest of every file but the tables, of which only the size is looked at.
        ALL_BUT_TABLES
    }

    private static final long MANIFEST_SIZE_LIMIT = 1 << 24;

    private final Path folder;
    private final Manifest manifest;

    private BundleReader(Path folder, Manifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /// Opens a bundle and verifies every file.
    public static BundleReader open(Path folder) {
        return open(folder, Verification.EVERY_FILE);
    }

    /// @throws InputException naming the bundle, the file and the fault: no bundle, another format version, a file
    ///     missing, of another size, altered, not listed, or a link
    public static BundleReader open(Path folder, Verification verification) {
        try {
            if (!Files.isDirectory(folder)) {
                throw new InputException(Files.exists(folder) ? "expected a folder" : "no such folder");
            }
            Path real = folder.toRealPath();
            BundleReader bundle = new BundleReader(real, readManifest(real));
            bundle.refuseUnlisted();
            bundle.verify(verification);
            return bundle;
        } catch (InputException problem) {
            throw new InputException("bundle %s: %s".formatted(folder, problem.getMessage()), problem);
        } catch (IOException problem) {
            throw new InputException("bundle %s: cannot be read: %s".formatted(folder, problem), problem);
        }
    }

    public Path folder() {
        return folder;
    }

    public Manifest manifest() {
        return manifest;
    }

    /// The place of a file of the bundle.
    ///
    /// @param path as in [BundleLayout]
    /// @throws InputException where the manifest does not list it
    public Path file(String path) {
        if (!manifest.files().containsKey(path)) {
            throw new InputException("bundle %s: no %s in it".formatted(folder, path));
        }
        return folder.resolve(path);
    }

    /// The text of a file of the bundle.
    public String text(String path) {
        Path file = file(path);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException problem) {
            throw new InputException(file + ": expected UTF-8", problem);
        } catch (IOException problem) {
            throw new InputException("%s: cannot be read: %s".formatted(file, problem), problem);
        }
    }

    /// The dense parameters.
    public Safetensors dense() {
        return Safetensors.open(file(BundleLayout.DENSE));
    }

    /// The folder of the tables, one file each.
    public Path tables() {
        return folder.resolve(BundleLayout.TABLES);
    }

    private static Manifest readManifest(Path folder) throws IOException {
        Path file = folder.resolve(BundleLayout.MANIFEST);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new InputException("no manifest.json in it");
        }
        if (Files.size(file) > MANIFEST_SIZE_LIMIT) {
            throw new InputException("manifest.json: expected at most %d bytes, found %d"
                    .formatted(MANIFEST_SIZE_LIMIT, Files.size(file)));
        }
        return Manifest.parse(ByteBuffer.wrap(Files.readAllBytes(file)));
    }

    private void refuseUnlisted() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = BundleLayout.pathOf(folder, file);
                if (attributes.isSymbolicLink()) {
                    throw new InputException(path + ": expected a file, found a link");
                }
                if (!attributes.isRegularFile()) {
                    throw new InputException(path + ": expected a regular file");
                }
                if (!path.equals(BundleLayout.MANIFEST) && !manifest.files().containsKey(path)) {
                    throw new InputException(path + ": not listed in manifest.json");
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void verify(Verification verification) throws IOException {
        for (var entry : manifest.files().entrySet()) {
            String path = entry.getKey();
            Path file = folder.resolve(path);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new InputException(path + ": missing");
            }
            Manifest.StoredFile expected = entry.getValue();
            if (Files.size(file) != expected.size()) {
                throw new InputException(
                        "%s: expected %d bytes, found %d".formatted(path, expected.size(), Files.size(file)));
            }
            boolean isTable = path.startsWith(BundleLayout.TABLES + "/");
            if (isTable && verification == Verification.TABLES_BY_CRC32C && expected.crc32c() != null) {
                requireSame(path, "crc32c", expected.crc32c(), FileSum.of(file, new Crc32c()));
            } else if (!isTable || verification != Verification.ALL_BUT_TABLES) {
                requireSame(path, "sha256", expected.sha256(), FileSum.of(file, new Sha256()));
            }
        }
    }

    private static void requireSame(String path, String what, String expected, String found) {
        if (!found.equals(expected)) {
            throw new InputException("%s: altered: expected %s %s, found %s".formatted(path, what, expected, found));
        }
    }
}
