package io.github.corymb.bundle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The SHA-256, 64 digits.
final class Sha256 implements FileSum {

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    @Override
    public void take(byte[] chunk, int count) {
        digest.update(chunk, 0, count);
    }

    @Override
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
