package io.github.corymb.bundle;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;

/// A safetensors file, open for reading. Its header is read and checked whole when it is opened; tensors are mapped
/// into memory when they are asked for.
///
///     8 bytes   N, little-endian
///     N bytes   {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, "__metadata__": {…}}
///     the rest  the tensors' bytes, row-major, little-endian, without holes
///
/// Differs from other readers by refusing more: duplicate names, unknown keys, overlaps, gaps, sizes that do not fit
/// the
/// shape, and bytes after the last tensor.
///
/// It holds no resource: maps are released by the garbage collector. Any number of threads may read.
public final class Safetensors {

    /// Bytes of the longest header, the limit of the format's own library.
    static final long HEADER_SIZE_LIMIT = 100_000_000;

    private final Path file;
    private final SafetensorsHeader header;
    private final long dataStart;

    private Safetensors(Path file, SafetensorsHeader header, long dataStart) {
        this.file = file;
        this.header = header;
        this.dataStart = dataStart;
    }

    /// @throws InputException naming the file and its fault, where it is missing or not a whole safetensors file
    public static Safetensors open(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < Long.BYTES) {
                throw new InputException("expected at least 8 bytes, found " + size);
            }
            long headerSize = read(channel, 0, Long.BYTES).getLong();
            if (headerSize < 0 || headerSize > HEADER_SIZE_LIMIT) {
                throw new InputException("header: expected at most %d bytes, found %s"
                        .formatted(HEADER_SIZE_LIMIT, Long.toUnsignedString(headerSize)));
            }
            long dataStart = Long.BYTES + headerSize;
            if (dataStart > size) {
                throw new InputException(
                        "header: expected %d bytes, found %d".formatted(headerSize, size - Long.BYTES));
            }
            ByteBuffer bytes = read(channel, Long.BYTES, (int) headerSize);
            return new Safetensors(file, SafetensorsHeader.parse(bytes, size - dataStart), dataStart);
        } catch (InputException problem) {
            throw new InputException(file + ": " + problem.getMessage(), problem);
        } catch (NoSuchFileException problem) {
            throw new InputException(file + ": no such file", problem);
        } catch (IOException problem) {
            throw new InputException("%s: cannot be read: %s".formatted(file, problem), problem);
        }
    }

    /// The tensors by name, in the order of their names.
    public SortedMap<String, StoredTensor> tensors() {
        return header.tensors();
    }

    /// The strings under `__metadata__`; empty where there are none.
    public SortedMap<String, String> metadata() {
        return header.metadata();
    }

    /// The bytes of one tensor: read-only, little-endian, mapped from the file.
    ///
    /// @throws InputException where the file has no such tensor, or it is larger than 2 GiB
    public ByteBuffer data(String name) {
        StoredTensor tensor = tensor(name);
        if (tensor.size() > Integer.MAX_VALUE) {
            throw new InputException("%s: tensor '%s': expected at most %d bytes, found %d"
                    .formatted(file, name, Integer.MAX_VALUE, tensor.size()));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long begin = dataStart + tensor.begin();
            if (channel.size() < begin + tensor.size()) {
                throw new InputException("%s: tensor '%s': the file was cut while it was open".formatted(file, name));
            }
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, begin, tensor.size());
            return bytes.order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException problem) {
            throw new InputException("%s: tensor '%s': cannot be mapped: %s".formatted(file, name, problem), problem);
        }
    }

    /// The elements of one `F32` tensor, mapped from the file.
    ///
    /// @throws InputException where the file has no such tensor, or it holds another type
    public FloatBuffer floats(String name) {
        ElementType type = tensor(name).type();
        if (type != ElementType.F32) {
            throw new InputException("%s: tensor '%s': expected F32, found %s".formatted(file, name, type));
        }
        return data(name).asFloatBuffer();
    }

    private StoredTensor tensor(String name) {
        StoredTensor tensor = header.tensors().get(name);
        if (tensor == null) {
            throw new InputException("%s: no tensor '%s'".formatted(file, name));
        }
        return tensor;
    }

    private static ByteBuffer read(FileChannel channel, long position, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new InputException("the file was cut while it was read");
            }
        }
        return bytes.flip();
    }
}
