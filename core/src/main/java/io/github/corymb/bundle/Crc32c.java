package io.github.corymb.bundle;

import java.util.HexFormat;
import java.util.zip.CRC32C;

/// The CRC-32C, 8 digits, a tenth of the work of a [Sha256]. It finds what befell a file; it is no obstacle to who
/// wants another file to have the same.
final class Crc32c implements FileSum {

    private final CRC32C sum = new CRC32C();

    @Override
    public void take(byte[] chunk, int count) {
        sum.update(chunk, 0, count);
    }

    @Override
    public String hex() {
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }
}
