package io.github.corymb.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class SafetensorsTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = folder.resolve("a.safetensors");
        new SafetensorsWriter()
                .add("tower.0.bias", FloatBuffer.wrap(new float[] {1, -2}), 2)
                .add("scalar", FloatBuffer.wrap(new float[] {0.5f}))
                .add("empty", FloatBuffer.allocate(0), 3, 0)
                .add("steps", ElementType.I64, longs(7, -1), 2)
                .add("bytes", ElementType.U8, ByteBuffer.wrap(new byte[] {1, 2, 3}), 3)
                .metadata("note", "Größe")
                .write(file);

        Safetensors read = Safetensors.open(file);
        assertEquals(Map.of("note", "Größe"), read.metadata());
        assertEquals(
                List.of("bytes", "empty", "scalar", "steps", "tower.0.bias"),
                List.copyOf(read.tensors().keySet()));
        assertEquals(FloatBuffer.wrap(new float[] {1, -2}), read.floats("tower.0.bias"));
        assertEquals(FloatBuffer.wrap(new float[] {0.5f}), read.floats("scalar"));
        assertEquals(List.of(), read.tensors().get("scalar").shape());
        assertEquals(0, read.floats("empty").remaining());
        assertEquals(7, read.data("steps").getLong());
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), read.data("bytes"));
    }

    @Test
    void theOrderOfAddingDoesNotMatterAndEveryTensorIsAlignedToItsElements() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        ByteBuffer odd = ByteBuffer.wrap(new byte[] {1, 2, 3});
        FloatBuffer floats = FloatBuffer.wrap(new float[] {1, 2, 3});
        new SafetensorsWriter()
                .add("a", ElementType.U8, odd, 3)
                .add("b", floats, 3)
                .add("c", ElementType.I64, longs(1), 1)
                .write(first);
        new SafetensorsWriter()
                .add("c", ElementType.I64, longs(1), 1)
                .add("b", floats, 3)
                .add("a", ElementType.U8, odd, 3)
                .write(second);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        long headerSize = ByteBuffer.wrap(Files.readAllBytes(first))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertEquals(0, headerSize % 8);
        for (StoredTensor tensor : Safetensors.open(first).tensors().values()) {
            assertEquals(0, tensor.begin() % tensor.type().size());
        }
    }

    @Test
    void aFileOfThePythonLibraryIsRead() throws URISyntaxException {
        Path file =
                Path.of(SafetensorsTest.class.getResource("/python.safetensors").toURI());
        Safetensors read = Safetensors.open(file);
        assertEquals(Map.of("format", "np", "écrit", "oui"), read.metadata());
        assertEquals(
                List.of("half", "mask", "scalar", "steps", "weight"),
                List.copyOf(read.tensors().keySet()));
        assertEquals(List.of(2L, 3L), read.tensors().get("weight").shape());
        assertEquals(
                FloatBuffer.wrap(new float[] {1 / 4f, 2 / 4f, 3 / 4f, 4 / 4f, 5 / 4f, 6 / 4f}), read.floats("weight"));
        assertEquals(0.5, read.data("scalar").getDouble());
        assertEquals(-1, read.data("steps").getLong(Long.BYTES));
        assertEquals((byte) 255, read.data("mask").get(2));
        assertEquals(0x3c00, read.data("half").getShort()); // 1 in half precision
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/safetensors-headers.csv",
            delimiter = '|',
            quoteCharacter = '`',
            maxCharsPerColumn = 4096)
    void aFileThatIsNotWholeIsRefusedByName(String header, int dataSize, String expected) throws IOException {
        Path file = Files.write(folder.resolve("x"), bytes(header.getBytes(StandardCharsets.UTF_8), dataSize));
        if (expected.equals("none")) {
            assertEquals(dataSize / 4, Safetensors.open(file).tensors().size());
        } else {
            assertEquals(file + ": " + expected, messageOf(file));
        }
    }

    @Test
    void aHeaderThatLiesAboutItsSizeIsRefused() throws IOException {
        Path file = folder.resolve("x");
        Files.write(file, new byte[7]);
        assertEquals(file + ": expected at least 8 bytes, found 7", messageOf(file));
        Files.write(file, longs(3, 0).array());
        assertEquals(file + ": header: expected it to begin with '{'", messageOf(file));
        Files.write(file, longs(9, 0).array());
        assertEquals(file + ": header: expected 9 bytes, found 8", messageOf(file));
        Files.write(file, longs(100_000_001, 0).array());
        assertEquals(file + ": header: expected at most 100000000 bytes, found 100000001", messageOf(file));
        Files.write(file, longs(-1, 0).array());
        assertTrue(messageOf(file).endsWith("found 18446744073709551615"));
        Files.write(file, bytes(new byte[] {'{', '"', (byte) 0xff, '"', '}'}, 0));
        assertEquals(file + ": header: expected UTF-8", messageOf(file));
    }

    @Test
    void aFileThatIsNotThereIsSaidToBeMissing() {
        Path file = folder.resolve("x");
        assertEquals(file + ": no such file", messageOf(file));
    }

    @Test
    void whatDoesNotFitItsShapeIsNotWritten() {
        SafetensorsWriter writer = new SafetensorsWriter().add("a", FloatBuffer.allocate(6), 2, 3);
        assertThrows(IllegalArgumentException.class, () -> writer.add("a", FloatBuffer.allocate(6), 2, 3));
        assertThrows(IllegalArgumentException.class, () -> writer.add("b", FloatBuffer.allocate(6), 2, 2));
        assertThrows(IllegalArgumentException.class, () -> writer.add("__metadata__", FloatBuffer.allocate(1)));
    }

    @Test
    void aTensorThatIsNotThereOrOfAnotherTypeIsRefusedByName() throws IOException {
        Path file = folder.resolve("x");
        new SafetensorsWriter().add("steps", ElementType.I64, longs(1), 1).write(file);
        Safetensors read = Safetensors.open(file);
        assertEquals(
                file + ": no tensor 'a'",
                assertThrows(InputException.class, () -> read.data("a")).getMessage());
        assertEquals(
                file + ": tensor 'steps': expected F32, found I64",
                assertThrows(InputException.class, () -> read.floats("steps")).getMessage());
    }

    static byte[] bytes(byte[] header, int dataSize) {
        return ByteBuffer.allocate(8 + header.length + dataSize)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private static ByteBuffer longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.flip();
    }

    private static String messageOf(Path file) {
        return assertThrows(InputException.class, () -> Safetensors.open(file)).getMessage();
    }
}
