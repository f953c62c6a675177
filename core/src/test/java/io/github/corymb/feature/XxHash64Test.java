package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class XxHash64Test {

    private static final long PRIME_32 = 0x9E3779B1L;
    private static final long PRIME_64 = 0x9E3779B185EBCA8DL;

    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, d24ec4f1a98c6e5b",
        "abc, 44bc2cf5ad770999",
        "message digest, 066ed728fceeb3be",
        "Nobody inspects the spammish repetition, fbcea83c8a378bf1",
        "'The quick brown fox jumps over the lazy dog, then it sleeps for some hours.', 81d581ac2163da33"
    })
    void hashesTextAsTheReferenceDoes(String text, String expected) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(Long.parseUnsignedLong(expected, 16), XxHash64.hash(utf8, 0, utf8.length, 0));
    }

    /// The self-test of the reference implementation: bytes of a multiplicative generator, two seeds.
    @ParameterizedTest
    @CsvSource({
        "0, ef46db3751d8e999, ac75fda2929b17ef",
        "1, e934a84adb052768, 5014607643a9b4c3",
        "4, 9136a0dca57457ee, caab286bd8e9fdb5",
        "14, 8282dcc4994e35c8, c3bd6bf63deb6df0",
        "222, b641ae8cb691c174, 20cb8ab7ae10c14a"
    })
    void passesTheSelfTestOfTheReference(int length, String unseeded, String seeded) {
        byte[] bytes = new byte[222 + 3];
        long generator = PRIME_32;
        for (int at = 3; at < bytes.length; at++) { // starts at 3: nothing is aligned
            bytes[at] = (byte) (generator >>> 56);
            generator *= PRIME_64;
        }
        assertEquals(Long.parseUnsignedLong(unseeded, 16), XxHash64.hash(bytes, 3, 3 + length, 0));
        assertEquals(Long.parseUnsignedLong(seeded, 16), XxHash64.hash(bytes, 3, 3 + length, PRIME_32));
    }

    @Test
    void hashesALongAsTheReferenceDoesItsBytes() {
        assertEquals(0x602f275014cd5d53L, XxHash64.hash(42, 1));
        assertEquals(0xf225b229e5e39cb2L, XxHash64.hash(-7, 1));
    }

    @Property(seed = "2026")
    void aLongHashesAsItsEightBytes(@ForAll long value, @ForAll long seed) {
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        assertEquals(XxHash64.hash(bytes, 0, 8, seed), XxHash64.hash(value, seed));
    }
}
