package io.github.corymb.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Encoded rows that stay from one run to the next: a folder of files, one for every source, split, set of features and
/// tasks, and seed. A file serves as long as the files it was read from hold the same bytes and the program that wrote
/// it is the same. Beyond a bound the files that were used longest ago go.
///
/// It only saves time: what cannot be kept or read again is encoded anew. Several processes may use one folder.
public final class KeptRows {

    private static final Logger LOG = LoggerFactory.getLogger(KeptRows.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SUFFIX = ".rows";

    private final Path folder;
    private final String program;
    private final long limitBytes;

    /// @param program tells programs apart that may encode differently
    /// @param limitBytes of all files together
    KeptRows(Path folder, String program, long limitBytes) {
        this.folder = folder;
        this.program = program;
        this.limitBytes = limitBytes;
    }

    /// Those of this user and this build, in `rows` of the cache folder that DuckDB's library is unpacked to, 8 GiB at
    /// most; nothing where the program does not run from jars, which a digest can tell apart.
    public static Optional<KeptRows> ofUser() {
        try {
            Path training = origin(KeptRows.class);
            Path core = origin(FeatureSchema.class);
            if (!Files.isRegularFile(training) || !Files.isRegularFile(core)) {
                return Optional.empty();
            }
            String program = digest(training) + digest(core) + DuckDbLibrary.name();
            return Optional.of(new KeptRows(DuckDbLibrary.cacheFolder().resolve("rows"), program, 8L << 30));
        } catch (IOException | URISyntaxException e) {
            LOG.debug("rows are not kept", e);
            return Optional.empty();
        }
    }

    private static Path origin(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /// What a source's rows would be kept as: the same for the same question.
    String name(DataSpec spec, Path base, Map<String, Feature> features, Map<String, Task> tasks, long seed) {
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("program", program);
        question.put("zone", TimeZone.getDefault().getID());
        question.put("base", base.toAbsolutePath().normalize().toString());
        question.put("data", spec);
        question.put("features", features);
        question.put("tasks", tasks);
        question.put("seed", seed);
        try {
            return HexFormat.of().formatHex(sha256().digest(JSON.writeValueAsBytes(question)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a part of an experiment cannot be written as JSON", e);
        }
    }

    /// The rows of that name, if the files they come from are as they were. Whoever gets them closes their memory.
    Optional<EncodedSource> find(String name) {
        Path file = folder.resolve(name + SUFFIX);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now())); // used
            return KeptRowsFile.read(file, KeptRows::isUnchanged);
        } catch (IOException e) {
            LOG.debug("{} is encoded anew", file, e);
            return Optional.empty();
        }
    }

    /// Keeps rows under a name, unless they would take more than half of what all files may, or of what the disk has
    /// left.
    ///
    /// @param origins the files they come from, with the digests that they had before they were read
    void keep(String name, Map<Path, String> origins, EncodedSource rows) {
        try {
            for (Map.Entry<Path, String> origin : origins.entrySet()) {
                if (!digest(origin.getKey()).equals(origin.getValue())) {
                    return; // changed while it was read
                }
            }
            createFolder();
            long free = Files.getFileStore(folder).getUsableSpace();
            if (rows.memory().storedBytes() > Math.min(limitBytes, free) / 2) {
                return;
            }
            Path beside = Files.createTempFile(folder, name, ".part");
            try {
                KeptRowsFile.write(beside, origins, rows);
                Files.move(beside, folder.resolve(name + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(beside);
            }
            trim();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("rows are not kept in {}", folder, e);
        }
    }

    private void createFolder() throws IOException {
        Files.createDirectories(folder);
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /// Deletes the files used longest ago until the rest is within the bound, and parts that a killed process left.
    private void trim() throws IOException {
        List<Path> files = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder)) {
            entries.forEach(files::add);
        }
        Map<Path, Instant> used = new LinkedHashMap<>();
        for (Path file : files) {
            used.put(file, Files.getLastModifiedTime(file).toInstant());
        }
        files.sort(Comparator.comparing(used::get).reversed());
        long bytes = 0;
        Instant yesterday = Instant.now().minusSeconds(86_400);
        for (Path file : files) {
            boolean isPart = !file.toString().endsWith(SUFFIX);
            bytes += Files.size(file);
            if (bytes > limitBytes || (isPart && used.get(file).isBefore(yesterday))) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean isUnchanged(Map<String, String> origins) throws IOException {
        for (Map.Entry<String, String> origin : origins.entrySet()) {
            Path file = Path.of(origin.getKey());
            if (!Files.isRegularFile(file) || !digest(file).equals(origin.getValue())) {
                return false;
            }
        }
        return true;
    }

    /// The digests of files by their paths; nothing where one cannot be read.
    static Optional<Map<Path, String>> digests(List<Path> files) {
        Map<Path, String> digests = new LinkedHashMap<>();
        try {
            for (Path file : files) {
                digests.put(file, digest(file));
            }
        } catch (IOException e) {
            LOG.debug("rows are not kept", e);
            return Optional.empty();
        }
        return Optional.of(digests);
    }

    /// The sha256 of a file, 64 hexadecimal digits.
    static String digest(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[1 << 16];
            while (in.read(buffer) >= 0) {
                // The stream digests what it reads.
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
