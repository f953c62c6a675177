package io.github.corymb.bundle;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The digest of a file's bytes.
final class Sha256 {

    private Sha256() {}

    /// 64 lower-case hexadecimal digits.
    static String of(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
        FileChunks.read(file, digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }
}
