package io.github.corymb.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Files with bytes changed or cut away are read whole, or refused by an [InputException]: never anything else.
class SafetensorsFuzzTest {

    private static byte[] valid;
    private static Path file;

    @BeforeContainer
    static void write() throws IOException {
        file = Files.createTempFile("fuzz", ".safetensors");
        new SafetensorsWriter()
                .add("expert.0.weight", FloatBuffer.allocate(6), 2, 3)
                .add("expert.0.bias", FloatBuffer.allocate(2), 2)
                .metadata("seed", "2026")
                .write(file);
        valid = Files.readAllBytes(file);
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 800, seed = "2026")
    void changedBytes(@ForAll @Size(min = 1, max = 4) List<@IntRange(max = 399) Integer> places, @ForAll byte value)
            throws IOException {
        byte[] bytes = valid.clone();
        for (int place : places) {
            bytes[place % bytes.length] = value;
        }
        readOrRefuse(bytes);
    }

    @Property(tries = 800, seed = "2027")
    void changedTokens(@ForAll @IntRange(max = 399) int place, @ForAll("tokens") char token) throws IOException {
        byte[] bytes = valid.clone();
        bytes[8 + place % (bytes.length - 8)] = (byte) token;
        readOrRefuse(bytes);
    }

    @Provide
    Arbitrary<Character> tokens() {
        return Arbitraries.of('{', '}', '[', ']', '"', ',', ':', '0', '9', '-', 'e', '.', '\\', ' ', '_');
    }

    @Property(tries = 200, seed = "2028")
    void cutFilesAreRefused(@ForAll @IntRange(max = 399) int length) throws IOException {
        byte[] bytes = Arrays.copyOf(valid, length % valid.length);
        Files.write(file, bytes);
        assertThrows(InputException.class, () -> Safetensors.open(file));
    }

    private static void readOrRefuse(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        Safetensors read;
        try {
            read = Safetensors.open(file);
        } catch (InputException refused) {
            assertTrue(refused.getMessage().startsWith(file.toString()));
            assertEquals(1, refused.getMessage().lines().count());
            return;
        }
        long size = 0;
        for (String name : read.tensors().keySet()) {
            size += read.data(name).remaining();
        }
        assertTrue(size <= bytes.length - 8);
    }
}
