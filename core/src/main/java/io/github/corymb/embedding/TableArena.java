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
    private static final long REGION_SIZE = 64L << 20;

    private final Arena arena = Arena.ofShared();
    private long smallSize; // bytes so far from the system's allocator
    private MemorySegment region = MemorySegment.NULL;
    private long used; // bytes of the region

    @Override
    public MemorySegment allocate(long size, long alignment) {
        if (size > REGION_SIZE / 4 || smallSize + size <= SMALL_SIZE) {
            smallSize += size;
            return arena.allocate(size, alignment);
        }
        long start = (used + alignment - 1) & -alignment;
        if (start + size > region.byteSize()) {
            MemorySegment next = LargePages.map(REGION_SIZE, arena);
            if (next.byteSize() == 0) {
                return arena.allocate(size, alignment);
            }
            region = next;
            start = 0;
        }
        used = start + size;
        return region.asSlice(start, size);
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
