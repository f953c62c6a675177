package io.github.corymb.embedding;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A column of elements of one size, one a row, in slabs that never move. It grows by at most an eighth, and by
/// at most 16 slabs, at a time, so that no growth takes longer than filling those with zeros. Memory belongs to the
/// table's memory given.
final class Slabs {

    static final int SHIFT = 11;
    static final int SLAB_ROWS = 1 << SHIFT;
    static final int ALIGNMENT = 64; // a cache line

    private static final int GROWTH_LIMIT = 16; // slabs allocated at once: few blocks, little lost between them

    private final long elementSize;
    private MemorySegment[] slabs;
    private long[] addresses; // of the slabs
    private int slabCount;

    /// Nothing yet; [#ensure(int, TableMemory)] makes room.
    Slabs(long elementSize) {
        this.elementSize = elementSize;
        this.slabs = new MemorySegment[1];
        this.addresses = new long[1];
    }

    /// Borrows slabs that stay as they are, each of [#SLAB_ROWS] elements but for the last.
    Slabs(long elementSize, MemorySegment[] slabs) {
        this.elementSize = elementSize;
        this.slabCount = slabs.length;
        this.slabs = slabs;
        this.addresses = Arrays.stream(slabs).mapToLong(MemorySegment::address).toArray();
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

    int slabCount() {
        return slabCount;
    }

    /// The slabs there are now, as an array that growing leaves alone.
    MemorySegment[] slabs() {
        return Arrays.copyOf(slabs, slabCount);
    }

    /// Makes room for `row`, in zeros.
    void ensure(int row, TableMemory memory) {
        while (row >>> SHIFT >= slabCount) {
            int count = Math.clamp(slabCount / 8, 1, GROWTH_LIMIT);
            long size = SLAB_ROWS * elementSize;
            MemorySegment block = memory.allocate(count * size);
            if (slabCount + count > slabs.length) {
                slabs = Arrays.copyOf(slabs, Math.max(slabs.length * 2, slabCount + count));
                addresses = Arrays.copyOf(addresses, slabs.length);
            }
            for (int slab = 0; slab < count; slab++) {
                slabs[slabCount + slab] = block.asSlice(slab * size, size);
                addresses[slabCount + slab] = slabs[slabCount + slab].address();
            }
            slabCount += count;
        }
    }

    long size() {
        return (long) slabCount * SLAB_ROWS * elementSize;
    }
}
