package io.github.corymb.bundle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// The CRC-32C of a file's bytes, a tenth of the work of a [Sha256]. It finds what befell a file; it is no obstacle to
/// who wants another file to have the same.
final class Crc32c {

    private Crc32c() {}

    /// 8 lower-case hexadecimal digits.
    static String of(Path file) throws IOException {
        CRC32C sum = new CRC32C();
        FileChunks.read(file, sum::update);
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }
}
