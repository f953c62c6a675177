package io.github.corymb.serving.server;

import io.github.corymb.feature.InputException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/// Reads a feature log, a file or a folder of files, oldest first. A file whose end is torn, as a process that is
/// killed leaves it, is read up to there.
final class FeatureLogLines {

    private FeatureLogLines() {}

    /// @param line is given each line
    /// @return how many files had a torn end
    /// @throws InputException where there is no log, and with file and line where `line` throws one
    static int read(Path log, Consumer<String> line) {
        if (!Files.exists(log)) {
            throw new InputException(log + ": expected a feature log, found nothing");
        }
        List<Path> files = Files.isDirectory(log) ? FeatureLogFiles.list(log) : List.of(log);
        if (files.isEmpty()) {
            throw new InputException(log + ": expected files requests-*.jsonl.gz, found none");
        }
        int tornCount = 0;
        for (Path file : files) {
            tornCount += readFile(file, line) ? 1 : 0;
        }
        return tornCount;
    }

    /// Whether its end is torn.
    private static boolean readFile(Path file, Consumer<String> line) {
        long number = 0;
        try (InputStream raw = Files.newInputStream(file)) {
            Torn whole = Torn.open(raw);
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(whole, StandardCharsets.UTF_8))) {
                String next = reader.readLine();
                while (next != null) {
                    String following = reader.readLine();
                    number++;
                    if (following != null || !whole.torn || whole.last == '\n') { // else it may be half a line
                        line.accept(next);
                    }
                    next = following;
                }
            }
            return whole.torn;
        } catch (IOException problem) {
            throw new InputException("%s: cannot be read: %s".formatted(file, problem.getMessage()), problem);
        } catch (InputException problem) {
            throw new InputException("%s:%d: %s".formatted(file, number, problem.getMessage()), problem);
        }
    }

    /// Ends where the compressed bytes end, whether that is their proper end or not.
    private static final class Torn extends FilterInputStream {

        private boolean torn;
        private byte last;

        private Torn(InputStream source, boolean torn) {
            super(source);
            this.torn = torn;
        }

        static Torn open(InputStream raw) throws IOException {
            try {
                return new Torn(new GZIPInputStream(raw), false);
            } catch (EOFException noHeader) {
                return new Torn(InputStream.nullInputStream(), true);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                int count = in.read(into, offset, length);
                last = count > 0 ? into[offset + count - 1] : last;
                return count;
            } catch (EOFException end) {
                torn = true;
                return -1;
            }
        }
    }
}
