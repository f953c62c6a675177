package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/// One file of [KeptRows], in the machine's own byte order, read by mapping it:
///
///     "CORYMBKR"   8 bytes
///     version      4 bytes
///     head size    4 bytes
///     head         JSON: what was learned, where the rows come from and where their chunks lie
///     chunks       each from a multiple of 8 bytes
///     checksum     8 bytes, CRC-32C of all before
final class KeptRowsFile {

    private static final byte[] MAGIC = "CORYMBKR".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int START_SIZE = 16;
    private static final int CHECKSUM_SIZE = 8;
    private static final int STEP_SIZE = 1 << 26; // a checksum takes a buffer, which has at most 2 GiB
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private KeptRowsFile() {}

    /// Tells whether the files that rows come from still have these digests, by path.
    @FunctionalInterface
    interface Check {
        boolean test(Map<String, String> origins) throws IOException;
    }

    private record Head(
            Map<String, String> origins,
            FeatureSchema schema,
            List<FittedTask> tasks,
            SplitSummary summary,
            List<List<LabelCount>> counts,
            List<List<CacheChunk>> chunks) {}

    static void write(Path file, Map<Path, String> origins, EncodedSource rows) throws IOException {
        Map<String, String> digests = new LinkedHashMap<>();
        origins.forEach((origin, digest) -> digests.put(origin.toString(), digest));
        List<List<CacheChunk>> chunks =
                rows.splits().stream().map(RowCache::chunks).toList();
        byte[] head = JSON.writeValueAsBytes(
                new Head(digests, rows.schema(), rows.tasks(), rows.summary(), rows.counts(), chunks));
        CRC32C checksum = new CRC32C();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer start = buffer((int) chunksAt(head.length));
            start.put(MAGIC).putInt(VERSION).putInt(head.length).put(head).rewind();
            write(channel, checksum, start);
            for (CacheChunk chunk : chunks.stream().flatMap(List::stream).toList()) {
                for (long from = 0; from < chunk.memory().byteSize(); from += STEP_SIZE) {
                    write(channel, checksum, step(chunk.memory(), from));
                }
            }
            ByteBuffer end = buffer(CHECKSUM_SIZE).putLong(checksum.getValue());
            write(channel, new CRC32C(), end.flip());
        }
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    private static void write(FileChannel channel, CRC32C checksum, ByteBuffer bytes) throws IOException {
        checksum.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// The rows of a file, mapped, if the files they come from are as `unchanged` wants them.
    ///
    /// @throws IOException if it is not such a file or damaged
    static Optional<EncodedSource> read(Path file, Check unchanged) throws IOException {
        CacheMemory memory = new CacheMemory(0, file.toAbsolutePath().getParent());
        boolean used = false;
        try {
            MemorySegment bytes = memory.map(file);
            byte[] words = head(file, bytes);
            verify(file, bytes);
            Head head = JSON.readValue(words, Head.class);
            if (!unchanged.test(head.origins())) {
                return Optional.empty();
            }
            List<RowCache> splits = new ArrayList<>();
            EncodedSource rows =
                    new EncodedSource(head.schema(), head.tasks(), head.summary(), head.counts(), splits, memory);
            long at = chunksAt(headSize(bytes));
            for (List<CacheChunk> split : head.chunks()) {
                List<CacheChunk> placed = new ArrayList<>();
                for (CacheChunk chunk : split) {
                    long size = CacheMemory.aligned(chunk.byteCount());
                    placed.add(chunk.in(bytes.asSlice(at, size)));
                    at += size;
                }
                splits.add(RowCache.of(rows.layout(), placed));
            }
            used = true;
            return Optional.of(rows);
        } catch (JsonProcessingException | IndexOutOfBoundsException e) {
            throw new IOException(file + ": damaged", e);
        } finally {
            if (!used) {
                memory.close();
            }
        }
    }

    private static byte[] head(Path file, MemorySegment bytes) throws IOException {
        if (bytes.byteSize() < START_SIZE + CHECKSUM_SIZE
                || CacheMemory.aligned(bytes.byteSize()) != bytes.byteSize()
                || MemorySegment.mismatch(bytes, 0, MAGIC.length, MemorySegment.ofArray(MAGIC), 0, MAGIC.length) >= 0
                || bytes.get(JAVA_INT, MAGIC.length) != VERSION
                || headSize(bytes) < 0
                || chunksAt(headSize(bytes)) > bytes.byteSize() - CHECKSUM_SIZE) {
            throw new IOException(file + ": not a file of encoded rows of version " + VERSION);
        }
        return bytes.asSlice(START_SIZE, headSize(bytes)).toArray(JAVA_BYTE);
    }

    private static void verify(Path file, MemorySegment bytes) throws IOException {
        long end = bytes.byteSize() - CHECKSUM_SIZE;
        MemorySegment content = bytes.asSlice(0, end);
        CRC32C checksum = new CRC32C();
        for (long from = 0; from < end; from += STEP_SIZE) {
            checksum.update(step(content, from));
        }
        if (bytes.get(JAVA_LONG, end) != checksum.getValue()) {
            throw new IOException(file + ": damaged, its checksum is another");
        }
    }

    private static ByteBuffer step(MemorySegment bytes, long from) {
        return bytes.asSlice(from, Math.min(STEP_SIZE, bytes.byteSize() - from)).asByteBuffer();
    }

    private static int headSize(MemorySegment bytes) {
        return bytes.get(JAVA_INT, MAGIC.length + Integer.BYTES);
    }

    private static long chunksAt(int headSize) {
        return CacheMemory.aligned(START_SIZE + (long) headSize);
    }
}
