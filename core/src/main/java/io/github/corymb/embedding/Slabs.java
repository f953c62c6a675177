package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A column of elements of one size, one a row, in slabs that never move. It grows slab by slab, so that no growth
/// takes longer than filling one with zeros. Memory belongs to the arena given.
final class Slabs {

    private static final int SHIFT = 11;
    static final int SLAB_ROWS = 1 << SHIFT;
    static final int ALIGNMENT = 64; // a cache line

    private final long elementSize;
    private MemorySegment[] slabs;
    private long[] addresses; // of the slabs
    private int slabCount;

    /// Nothing yet; [#ensure(int, Arena)] makes room.
    Slabs(long elementSize) {
        this.elementSize = elementSize;
        this.slabs = new MemorySegment[1];
        this.addresses = new long[1];
    }

    /// Borrows the rows in `block`, which has `rowCount` elements and stays as it is.
    Slabs(long elementSize, MemorySegment block, int rowCount) {
        this.elementSize = elementSize;
        this.slabCount = Math.ceilDiv(rowCount, SLAB_ROWS);
        this.slabs = new MemorySegment[slabCount];
        this.addresses = new long[slabCount];
        for (int slab = 0; slab < slabCount; slab++) {
            long from = (long) slab * SLAB_ROWS * elementSize;
            slabs[slab] = block.asSlice(from, Math.min(SLAB_ROWS * elementSize, rowCount * elementSize - from));
            addresses[slab] = slabs[slab].address();
        }
    }

    /// The slab of a row.
    MemorySegment of(int row) {
        return slabs[row >>> SHIFT];
    }

    /// Where in its slab a row begins, in bytes.
    long offset(int row) {
        return (row & (SLAB_ROWS - 1)) * elementSize;
    }

    /// The address of a row, for as long as the memory lives.
    long at(int row) {
        return addresses[row >>> SHIFT] + (row & (SLAB_ROWS - 1)) * elementSize;
    }

    long elementSize() {
        return elementSize;
    }

    /// Makes room for `row`, in zeros.
    void ensure(int row, Arena arena) {
        while (row >>> SHIFT >= slabCount) {
            if (slabCount == slabs.length) {
                slabs = Arrays.copyOf(slabs, slabs.length * 2);
                addresses = Arrays.copyOf(addresses, slabs.length);
            }
            slabs[slabCount] = arena.allocate(SLAB_ROWS * elementSize, ALIGNMENT);
            addresses[slabCount] = slabs[slabCount].address();
            slabCount++;
        }
    }

    /// Takes the elements of rows 0 … from `block`, where they are `blockElementSize` bytes, at most as many as
    /// here; the rest of each stays.
    void copyFrom(MemorySegment block, long blockElementSize, int rowCount) {
        for (int first = 0; first >= 0 && first < rowCount; first += SLAB_ROWS) {
            int count = Math.min(SLAB_ROWS, rowCount - first);
            if (blockElementSize == elementSize) {
                MemorySegment.copy(block, first * elementSize, of(first), 0, count * elementSize);
                continue;
            }
            for (int row = first; row < first + count; row++) {
                MemorySegment.copy(block, row * blockElementSize, of(row), offset(row), blockElementSize);
            }
        }
    }

    long size() {
        return (long) slabCount * SLAB_ROWS * elementSize;
    }
}
