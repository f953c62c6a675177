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
    private final MemorySegment all; // that the slabs are parts of; null where each has a segment of its own
    private MemorySegment[] slabs;
    private long[] addresses; // of the slabs
    private int slabCount;

    /// Nothing yet; [#ensure(int, TableMemory)] makes room.
    Slabs(long elementSize) {
        this.elementSize = elementSize;
        this.all = null;
        this.slabs = new MemorySegment[1];
        this.addresses = new long[1];
    }

    /// Borrows slabs of [#SLAB_ROWS] elements each but for the last, which stay as they are.
    ///
    /// @param all the segment that holds them
    /// @param addresses of the slabs
    Slabs(long elementSize, MemorySegment all, long[] addresses) {
        this.elementSize = elementSize;
        this.all = all;
        this.slabs = new MemorySegment[0];
        this.addresses = addresses;
        this.slabCount = addresses.length;
    }

    /// The segment that holds a row.
    MemorySegment of(int row) {
        return all == null ? slabs[row >>> SHIFT] : all;
    }

    /// Where in its segment a row begins, in bytes.
    long offset(int row) {
        return all == null ? (row & (SLAB_ROWS - 1)) * elementSize : at(row) - all.address();
    }

    /// The address of a row, for as long as the memory lives.
    long at(int row) {
        return addresses[row >>> SHIFT] + (row & (SLAB_ROWS - 1)) * elementSize;
    }

    /// Reads where each of some rows begins, so that waits for memory overlap.
    ///
    /// @param of rows, of which those from `from` to before `to` count
    /// @return what to use for something, lest the compiler leave the reading out
    int readAhead(int[] of, int from, int to) {
        int seen = 0;
        for (int i = from; i < to; i++) {
            seen |= Native.getInt(at(of[i]));
        }
        return seen;
    }

    long elementSize() {
        return elementSize;
    }

    /// The addresses of the slabs there are now, as an array that growing leaves alone.
    long[] addresses() {
        return Arrays.copyOf(addresses, slabCount);
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
}
