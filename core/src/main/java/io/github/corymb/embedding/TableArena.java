package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The memory of one table, in zeros. What a small table needs comes from the system's allocator; beyond that it is cut
/// from large regions of [LargePages], where there are any, since rows are read at random and every small page
/// would have to be found in the page tables first. A region's pages cost memory only once they are written to.
///
/// One thread at a time allocates. Whoever made it closes it.
final class TableArena implements Arena {

    private static final long SMALL_SIZE = 1 << 20; // bytes of a table that is not worth a large page
    private static final long LEAST_REGION_SIZE = 64L << 20;
    private static final long REGION_SIZE_LIMIT = 1L << 30;

    private final Arena arena = Arena.ofShared();
    private long smallSize; // bytes so far from the system's allocator
    private MemorySegment region = MemorySegment.NULL;
    private long used; // bytes of the region
    private long regionsSize; // bytes of all regions

    @Override
    public MemorySegment allocate(long size, long alignment) {
        if (size > LEAST_REGION_SIZE / 4 || smallSize + size <= SMALL_SIZE) {
            smallSize += size;
            return arena.allocate(size, alignment);
        }
        long start = (used + alignment - 1) & -alignment;
        if (start + size > region.byteSize()) {
            MemorySegment next = LargePages.map(nextRegionSize(), arena);
            if (next.byteSize() == 0) {
                return arena.allocate(size, alignment);
            }
            region = next;
            regionsSize += next.byteSize();
            start = 0;
        }
        used = start + size;
        return region.asSlice(start, size);
    }

    /// A quarter of what there is: at the end of a region up to a large page is lost.
    private long nextRegionSize() {
        return Math.clamp(regionsSize / 4 & -LEAST_REGION_SIZE, LEAST_REGION_SIZE, REGION_SIZE_LIMIT);
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        arena.close();
    }
}
