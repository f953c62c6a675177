package io.github.corymb.serving;

import io.github.corymb.bundle.Manifest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/// Which bundle it is. Two bundles of the same content have the same digest, wherever they lie.
///
/// @param digest sha256 over the path, size and sha256 of every file, 64 hexadecimal digits
/// @param created when the bundle was written
public record BundleIdentity(String digest, Instant created) {

    private static final int SHORT_LENGTH = 12;

    static BundleIdentity of(Manifest manifest) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
        manifest.files()
                .forEach((path, file) -> digest.update(
                        "%s %d %s\n".formatted(path, file.size(), file.sha256()).getBytes(StandardCharsets.UTF_8)));
        return new BundleIdentity(HexFormat.of().formatHex(digest.digest()), manifest.created());
    }

    /// The first 12 digits, for people and for logs.
    public String name() {
        return digest.substring(0, SHORT_LENGTH);
    }
}
