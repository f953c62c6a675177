package io.github.corymb.bundle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Collects tensors and writes them as one safetensors file. The same tensors always give the same bytes: they stand in
/// the order of their element's size, widest first, then of their names, so that every tensor is aligned to its elements
/// and the data to 8 bytes.
///
/// Buffers are borrowed until [#write(Path)] returns. Used by one thread.
public final class SafetensorsWriter {

    private static final int ALIGNMENT = 8;
    private static final int CHUNK_SIZE = 1 << 16;

    private record Pending(ElementType type, List<Long> shape, ByteBuffer bytes) {}

    private final SortedMap<String, Pending> tensors = new TreeMap<>();
    private final SortedMap<String, String> metadata = new TreeMap<>();

    /// Adds a string that travels with the tensors.
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /// Adds a tensor whose remaining `bytes` are little-endian elements, row-major.
    ///
    /// @throws IllegalArgumentException where the name is taken or the bytes do not fill the shape
    public SafetensorsWriter add(String name, ElementType type, ByteBuffer bytes, long... shape) {
        List<Long> dimensions = Arrays.stream(shape).boxed().toList();
        long size = StoredTensor.sizeOf(type, dimensions);
        if (size != bytes.remaining()) {
            throw new IllegalArgumentException("tensor '%s': expected %d bytes for %s of %s, found %d"
                    .formatted(name, size, dimensions, type, bytes.remaining()));
        }
        Pending pending = new Pending(type, dimensions, bytes.slice());
        if (name.equals(SafetensorsHeader.METADATA) || tensors.putIfAbsent(name, pending) != null) {
            throw new IllegalArgumentException("tensor '%s': the name is taken".formatted(name));
        }
        return this;
    }

    /// Adds an `F32` tensor of the remaining `elements`, in whatever byte order they are; they are copied.
    public SafetensorsWriter add(String name, FloatBuffer elements, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(elements.remaining(), Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(elements.duplicate());
        return add(name, ElementType.F32, bytes, shape);
    }

    /// Writes the file atomically.
    ///
    /// @throws IOException where the disk refused; a file that stood at `file` is then as it was
    public void write(Path file) throws IOException {
        List<Map.Entry<String, Pending>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.comparingInt(
                        (Map.Entry<String, Pending> entry) -> -entry.getValue().type().size())
                .thenComparing(Map.Entry::getKey));
        byte[] header = header(ordered);
        AtomicFiles.write(file, channel -> {
            ByteBuffer start = ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
            AtomicFiles.writeFully(channel, start.putLong(header.length).put(header).flip());
            for (Map.Entry<String, Pending> entry : ordered) {
                writeChunks(channel, entry.getValue().bytes().duplicate());
            }
        });
    }

    private byte[] header(List<Map.Entry<String, Pending>> ordered) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            ObjectNode strings = root.putObject(SafetensorsHeader.METADATA);
            metadata.forEach(strings::put);
        }
        long begin = 0;
        for (Map.Entry<String, Pending> entry : ordered) {
            Pending pending = entry.getValue();
            long end = begin + pending.bytes().remaining();
            ObjectNode tensor = root.putObject(entry.getKey());
            tensor.put("dtype", pending.type().name());
            pending.shape().forEach(tensor.putArray("shape")::add);
            tensor.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        if (padded.length > Safetensors.HEADER_SIZE_LIMIT) {
            throw new InputException("header: expected at most %d bytes, found %d"
                    .formatted(Safetensors.HEADER_SIZE_LIMIT, padded.length));
        }
        return padded;
    }

    /// In pieces, since a heap buffer is copied whole to native memory by one write.
    private static void writeChunks(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int size = Math.min(CHUNK_SIZE, bytes.remaining());
            AtomicFiles.writeFully(channel, bytes.slice(bytes.position(), size));
            bytes.position(bytes.position() + size);
        }
    }
}
