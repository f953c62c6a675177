package io.github.corymb.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The digest of a file's bytes.
final class Sha256 {

    private static final int CHUNK_SIZE = 1 << 16;

    private Sha256() {}

    /// 64 lower-case hexadecimal digits.
    static String of(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
        byte[] chunk = new byte[CHUNK_SIZE]; // of the heap: what lies outside stays until the heap is collected
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int count = bytes.read(chunk); count >= 0; count = bytes.read(chunk)) {
                digest.update(chunk, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
