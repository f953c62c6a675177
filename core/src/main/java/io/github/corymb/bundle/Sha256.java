package io.github.corymb.bundle;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The digest of a file's bytes.
final class Sha256 implements FileChunks.Sink {

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    static String of(Path file) throws IOException {
        Sha256 digest = new Sha256();
        FileChunks.read(file, digest);
        return digest.hex();
    }

    @Override
    public void take(byte[] chunk, int from, int count) {
        digest.update(chunk, from, count);
    }

    /// Ends it: 64 lower-case hexadecimal digits.
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
