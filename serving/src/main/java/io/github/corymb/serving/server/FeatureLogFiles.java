package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// Lines of JSON in files `requests-000001.jsonl.gz` and so on, compressed. A file that has grown to a size is ended,
/// and the oldest ones are deleted, so that a folder holds about that size times that many. An earlier process' files
/// are left and counted. One thread.
final class FeatureLogFiles implements AutoCloseable {

    private static final String NAME = "requests-%06d.jsonl.gz";
    private static final Pattern NAMES = Pattern.compile("requests-(\\d{6,})\\.jsonl\\.gz");
    private static final int BUFFER_SIZE = 1 << 16;

    /// What writes one line.
    interface Line {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private final Path folder;
    private final long sizeLimit;
    private final int fileLimit;
    private Counted file; // null between two files
    private GZIPOutputStream out;

    FeatureLogFiles(Path folder, long sizeLimit, int fileLimit) {
        this.folder = folder;
        this.sizeLimit = sizeLimit;
        this.fileLimit = fileLimit;
    }

    /// The files of a folder, oldest first.
    static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry ->
                            NAMES.matcher(entry.getFileName().toString()).matches())
                    .sorted((a, b) -> Long.compare(number(a), number(b)))
                    .toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    void write(Line line) throws IOException {
        if (file == null) {
            begin();
        }
        try (JsonGenerator json = RankBody.JSON
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)) {
            line.writeTo(json);
        }
        out.write('\n');
        if (file.size >= sizeLimit) {
            close();
        }
    }

    /// Leaves what was written so that it can be read, should the process end now.
    void flush() throws IOException {
        if (file != null) {
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            out.close();
            file = null;
        }
    }

    /// Leaves the file as it is, after a fault.
    void abandon() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException again) {
                // the fault that brought us here was told
            }
            file = null;
        }
    }

    private void begin() throws IOException {
        Files.createDirectories(folder);
        List<Path> files = list(folder);
        long next = files.isEmpty() ? 1 : number(files.getLast()) + 1;
        for (Path oldest : files.subList(0, Math.max(0, files.size() - fileLimit + 1))) {
            Files.deleteIfExists(oldest);
        }
        file = new Counted(Files.newOutputStream(folder.resolve(NAME.formatted(next)), StandardOpenOption.CREATE_NEW));
        out = new GZIPOutputStream(new BufferedOutputStream(file, BUFFER_SIZE), BUFFER_SIZE, true);
    }

    private static long number(Path file) {
        return Long.parseLong(NAMES.matcher(file.getFileName().toString()).replaceFirst("$1"));
    }

    /// Counts what reaches the file.
    private static final class Counted extends FilterOutputStream {

        private long size;

        Counted(OutputStream target) {
            super(target);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            size++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            size += length;
        }
    }
}
