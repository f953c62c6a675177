package io.github.corymb.bundle;

/// What the elements of a stored tensor are, under the names that the safetensors format gives them. Elements are
/// little-endian. `BF16` and `F16` are kept as raw 16-bit words.
public enum ElementType {
    F64(8),
    I64(8),
    F32(4),
    I32(4),
    BF16(2),
    F16(2),
    U8(1);

    private final int size;

    ElementType(int size) {
        this.size = size;
    }

    /// Bytes of one element.
    public int size() {
        return size;
    }
}
