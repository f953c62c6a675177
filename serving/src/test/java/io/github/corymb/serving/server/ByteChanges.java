package io.github.corymb.serving.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// Changes of good requests at random, the same for the same seed.
final class ByteChanges {

    private static final byte[] JSON_BYTES =
            "{}[]\",:0-9e.+nulltruefals\\\u0000 -1\"id\"".getBytes(StandardCharsets.UTF_8);

    private final Random random;

    ByteChanges(long seed) {
        random = new Random(seed);
    }

    /// One to four changes: a byte of the form's own or any other, a cut, a piece of it doubled or left out.
    ///
    /// @param text whether it is JSON
    byte[] of(byte[] good, boolean text) {
        byte[] body = good.clone();
        for (int change = random.nextInt(4); change >= 0 && body.length > 0; change--) {
            int at = random.nextInt(body.length);
            int to = Math.min(body.length, at + 1 + random.nextInt(24));
            switch (random.nextInt(6)) {
                case 0, 1 ->
                    body[at] = text ? JSON_BYTES[random.nextInt(JSON_BYTES.length)] : (byte) random.nextInt(256);
                case 2 -> body[at] ^= (byte) (1 << random.nextInt(8));
                case 3 -> body = random.nextInt(4) == 0 ? Arrays.copyOf(body, at) : body;
                case 4 -> body = joined(Arrays.copyOf(body, to), Arrays.copyOfRange(body, at, body.length));
                default -> body = joined(Arrays.copyOf(body, at), Arrays.copyOfRange(body, to, body.length));
            }
        }
        return body;
    }

    static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
