package io.github.corymb.embedding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Where each block of a table's file is, how long, and its CRC-32C. Blocks of rows come first, then pages of the
/// index, then one of each [Last].
final class BlockDirectory {

    static final int ENTRY_SIZE = 24; // long offset, long size, int checksum, int 0

    /// The blocks that end the directory.
    enum Last {
        /// [pages] of three int: start, depth and key count of each page
        PAGES(0, "the directory of its index"),
        /// [n] long keys evicted lately, then [n] int, the step of each
        EVICTED(1, "its list of evicted keys"),
        /// [n] long times in milliseconds since 1970, then [n] int, the step that was over
        TIMES(2, "its list of times"),
        /// the counters of the admission
        SKETCH(3, "its counts of keys without rows"),
        /// [n] int, the rows that an increment lists
        ROWS(4, "its list of rows");

        private final int place; // among the last
        private final String words;

        Last(int place, String words) {
            this.place = place;
            this.words = words;
        }

        int place() {
            return place;
        }
    }

    private final int rowBlockCount;
    private final int pageCount;
    private final long[] offsets;
    private final long[] sizes;
    private final int[] checksums;

    BlockDirectory(int rowBlockCount, int pageCount) {
        this.rowBlockCount = rowBlockCount;
        this.pageCount = pageCount;
        int count = rowBlockCount + pageCount + Last.values().length;
        offsets = new long[count];
        sizes = new long[count];
        checksums = new int[count];
    }

    static BlockDirectory of(TableHeader header, ByteBuffer bytes) {
        BlockDirectory directory = new BlockDirectory(header.rowBlockCount(), header.pageCount());
        for (int block = 0; block < directory.offsets.length; block++) {
            directory.set(block, bytes.getLong(), bytes.getLong(), bytes.getInt());
            bytes.getInt();
        }
        return directory;
    }

    ByteBuffer toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(offsets.length * ENTRY_SIZE).order(ByteOrder.nativeOrder());
        for (int block = 0; block < offsets.length; block++) {
            bytes.putLong(offsets[block])
                    .putLong(sizes[block])
                    .putInt(checksums[block])
                    .putInt(0);
        }
        return bytes.flip();
    }

    void set(int block, long offset, long size, int checksum) {
        offsets[block] = offset;
        sizes[block] = size;
        checksums[block] = checksum;
    }

    /// The number of a page's block.
    int page(int page) {
        return rowBlockCount + page;
    }

    int last(Last last) {
        return rowBlockCount + pageCount + last.place();
    }

    int count() {
        return offsets.length;
    }

    long offset(int block) {
        return offsets[block];
    }

    long size(int block) {
        return sizes[block];
    }

    int checksum(int block) {
        return checksums[block];
    }

    /// A block as a person would call it.
    String words(int block) {
        if (block < rowBlockCount) {
            long first = (long) block * Slabs.SLAB_ROWS;
            return "its block %,d, of rows %,d to %,d".formatted(block, first, first + Slabs.SLAB_ROWS - 1);
        }
        if (block < rowBlockCount + pageCount) {
            return "page %,d of its index".formatted(block - rowBlockCount);
        }
        return Arrays.stream(Last.values())
                .filter(last -> last(last) == block)
                .map(last -> last.words)
                .collect(Collectors.joining());
    }
}
