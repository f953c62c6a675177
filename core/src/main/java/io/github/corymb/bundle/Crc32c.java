package io.github.corymb.bundle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// The CRC-32C of a file's bytes, a tenth of the work of a [Sha256]. It finds what befell a file; it is no obstacle to
/// who wants another file to have the same.
final class Crc32c implements FileChunks.Sink {

    private final CRC32C sum = new CRC32C();

    static String of(Path file) throws IOException {
        Crc32c sum = new Crc32c();
        FileChunks.read(file, sum);
        return sum.hex();
    }

    @Override
    public void take(byte[] chunk, int from, int count) {
        sum.update(chunk, from, count);
    }

    /// 8 lower-case hexadecimal digits.
    String hex() {
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }
}
