package io.github.corymb.embedding;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A column of elements of one size, one a row, in slabs that never move. It grows by at most an eighth, and by
/// at most 16 slabs, at a time, so that no growth takes longer than filling those with zeros. Memory belongs to the
/// table's memory given.
///
/// A part of each element may be seen as a column of its own, by [#view(long)].
final class Slabs {

    static final int SHIFT = 11;
    static final int SLAB_ROWS = 1 << SHIFT;
    static final int ALIGNMENT = 64; // a cache line

    private static final int GROWTH_LIMIT = 16; // slabs allocated at once: few blocks, little lost between them

    private final long stride; // bytes from one element to the next
    private final MemorySegment all; // that the slabs are parts of; null where each has a segment of its own
    private MemorySegment[] slabs;
    private long[] addresses; // of the slabs
    private int slabCount;
    private final Slabs whole; // whose elements these are parts of; null for most
    private final long offset; // bytes from where those begin to where these do
    private final List<Slabs> views = new ArrayList<>(2);

    /// Nothing yet; [#ensure(int, TableMemory)] makes room.
    Slabs(long elementSize) {
        this(elementSize, null, 0);
    }

    private Slabs(long stride, Slabs whole, long offset) {
        this.stride = stride;
        this.whole = whole;
        this.offset = offset;
        this.all = null;
        this.slabs = new MemorySegment[1];
        this.addresses = new long[1];
    }

    /// Borrows slabs of [#SLAB_ROWS] elements each but for the last, which stay as they are.
    ///
    /// @param all the segment that holds them
    /// @param addresses of the slabs
    Slabs(long elementSize, MemorySegment all, long[] addresses) {
        this.stride = elementSize;
        this.whole = null;
        this.offset = 0;
        this.all = all;
        this.slabs = new MemorySegment[0];
        this.addresses = addresses;
        this.slabCount = addresses.length;
    }

    /// A column of what begins `offset` bytes into each element. It grows as this does and makes this grow.
    Slabs view(long offset) {
        Slabs view = new Slabs(stride, this, offset);
        views.add(view);
        return view;
    }

    /// The segment that holds a row.
    MemorySegment of(int row) {
        return all == null ? slabs[row >>> SHIFT] : all;
    }

    /// Where in its segment a row begins, in bytes.
    long offset(int row) {
        return at(row) - of(row).address();
    }

    /// The address of a row, for as long as the memory lives.
    long at(int row) {
        return addresses[row >>> SHIFT] + (row & (SLAB_ROWS - 1)) * stride;
    }

    /// Reads some rows ahead.
    ///
    /// @param of rows, of which those from `from` to before `to` count, at most [ReadAhead#LIMIT]
    /// @param size bytes of a row that are read, at least 4
    void readAhead(int[] of, int from, int to, long size, ReadAhead ahead) {
        long[] places = ahead.addresses();
        for (int i = from; i < to; i++) {
            places[i - from] = at(of[i]);
        }
        ahead.read(to - from, size);
    }

    /// Bytes from one element to the next.
    long stride() {
        return stride;
    }

    /// The slabs there are now, which growing leaves alone.
    Slabs asNow() {
        return new Slabs(stride, Native.MEMORY, Arrays.copyOf(addresses, slabCount));
    }

    /// Makes room for `row`, in zeros.
    void ensure(int row, TableMemory memory) {
        if (whole != null) {
            whole.ensure(row, memory);
            return;
        }
        while (row >>> SHIFT >= slabCount) {
            int count = Math.clamp(slabCount / 8, 1, GROWTH_LIMIT);
            long size = SLAB_ROWS * stride;
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
            views.forEach(Slabs::follow);
        }
    }

    private void follow() {
        slabs = whole.slabs;
        addresses = addresses.length == slabs.length ? addresses : Arrays.copyOf(addresses, slabs.length);
        for (; slabCount < whole.slabCount; slabCount++) {
            addresses[slabCount] = whole.addresses[slabCount] + offset;
        }
    }
}
