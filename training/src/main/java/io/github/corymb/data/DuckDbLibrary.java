package io.github.corymb.data;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// DuckDB's shared library, which its Java artifact carries as a resource. It is unpacked once, to
/// `duckdb-<size>-<platform>` in the cache folder: `-Dcorymb.cache`, else `$XDG_CACHE_HOME/corymb`, else
/// `~/.cache/corymb`. A file of another size there (an unpacking that was cut off) is replaced. Two processes may do
/// this at once.
final class DuckDbLibrary {

    private DuckDbLibrary() {}

    /// Loads the library for the life of the process.
    static SymbolLookup load() {
        return SymbolLookup.libraryLookup(unpacked(cacheFolder()), Arena.global());
    }

    static Path cacheFolder() {
        String chosen = System.getProperty("corymb.cache");
        if (chosen != null) {
            return Path.of(chosen);
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg != null && !xdg.isBlank() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("corymb");
    }

    /// The library as a file in `folder`, written there unless it already stands whole.
    static Path unpacked(Path folder) {
        try {
            URLConnection connection = resource().openConnection();
            long size = connection.getContentLengthLong();
            Path file = folder.resolve(name(size));
            if (!Files.isRegularFile(file) || Files.size(file) != size) {
                Files.createDirectories(folder);
                write(connection, file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack DuckDB's library to " + folder, e);
        }
    }

    /// Tells this build of DuckDB from others.
    static String name() throws IOException {
        return name(resource().openConnection().getContentLengthLong());
    }

    private static String name(long size) {
        return "duckdb-" + size + "-" + platform();
    }

    private static URL resource() {
        URL url = DuckDbLibrary.class.getResource("/libduckdb_java.so_" + platform());
        if (url == null) {
            throw new InputException("DuckDB: expected a library for " + platform() + ", found none in its artifact");
        }
        return url;
    }

    private static void write(URLConnection connection, Path file) throws IOException {
        Path beside = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
        try {
            try (InputStream in = connection.getInputStream()) {
                Files.copy(in, beside, StandardCopyOption.REPLACE_EXISTING);
            }
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /// This platform by the names of the artifact's resources.
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        if (os.contains("mac")) {
            return "osx_universal";
        }
        return (os.contains("win") ? "windows_" : "linux_") + (arm ? "arm64" : "amd64");
    }
}
