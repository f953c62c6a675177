package io.github.corymb.embedding;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.ValueLayout;

/// A page of the key index: 512 buckets of one cache line, each with room for 12 rows.
///
///     bucket, 64 bytes = 12 tags, 8 bits of the hash, 0 where free | keys passed on, int | 12 rows, int
///
/// A key lies in its home bucket or, where that was full, in the next that was not; each bucket on the way counts
/// the keys passed on, so that a search ends at the first bucket that passed on none, and removal leaves no mark
/// (Bronson, Shi: Open-sourcing F14 for faster, more memory-efficient hash tables, 2019). Most searches thus read
/// one cache line, also in a page that is nine tenths full. Pages are given by their addresses.
final class KeyPage {

    static final int BUCKET_SLOTS = 12;
    static final int BUCKETS = 512;
    static final int SLOTS = BUCKETS * BUCKET_SLOTS;
    static final long SIZE = 64L * BUCKETS;

    private static final int BUCKET_BITS = 9;
    private static final int BUCKET_MASK = BUCKETS - 1;
    private static final long PASSED_AT = 12;
    private static final long ROWS_AT = 16;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long TOPS = 0x8080_8080_8080_8080L;
    private static final ValueLayout.OfLong TAGS_8 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfInt TAGS_4 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private KeyPage() {}

    /// The slot that holds `key`, as bucket · 12 + place in it, or -1.
    static int find(long page, long hash, long key, Slabs keys) {
        int bucket = (int) hash & BUCKET_MASK;
        long tags = tag(hash) * ONES;
        for (int probe = 0; probe < BUCKETS; probe++) {
            long at = 64L * bucket;
            for (long hits = zeroBytes(Native.MEMORY.get(TAGS_8, page + at) ^ tags); hits != 0; hits &= hits - 1) {
                int slot = Long.numberOfTrailingZeros(hits) >>> 3;
                if (holds(page, at, slot, key, keys)) {
                    return bucket * BUCKET_SLOTS + slot;
                }
            }
            long last = ((Native.MEMORY.get(TAGS_4, page + at + 8) ^ tags) & 0xFFFF_FFFFL) | (ONES << 32);
            for (long hits = zeroBytes(last) & 0xFFFF_FFFFL; hits != 0; hits &= hits - 1) {
                int slot = 8 + (Long.numberOfTrailingZeros(hits) >>> 3);
                if (holds(page, at, slot, key, keys)) {
                    return bucket * BUCKET_SLOTS + slot;
                }
            }
            if (Native.getInt(page + at + PASSED_AT) == 0) {
                return -1;
            }
            bucket = bucket + 1 & BUCKET_MASK;
        }
        return -1;
    }

    /// A row that the key of this hash is likely to have if it has one, or 0: one of its bucket whose tag agrees.
    ///
    /// @param at the address of its [#bucket(long, long)]
    static int candidate(long at, long hash) {
        long tags = tag(hash) * ONES;
        long first = zeroBytes(Native.MEMORY.get(TAGS_8, at) ^ tags);
        long last = zeroBytes(((Native.MEMORY.get(TAGS_4, at + 8) ^ tags) & 0xFFFF_FFFFL) | (ONES << 32));
        // slot s of the first eight at bit 8 s, of the last four at bit 8 (s - 8) + 4: which it is takes no branch
        long hits = first >>> 7 | (last & 0xFFFF_FFFFL) >>> 3;
        int bit = Long.numberOfTrailingZeros(hits);
        int slot = (bit >>> 3) + (bit & 4) * 2;
        return hits == 0 ? 0 : Native.getInt(at + ROWS_AT + 4L * slot);
    }

    /// The address of what the search for a key of this hash reads first.
    static long bucket(long page, long hash) {
        return page + 64L * ((int) hash & BUCKET_MASK);
    }

    /// The row in a slot; 0 where it is free.
    static int row(long page, int slot) {
        return Native.getInt(page + rowAt(slot));
    }

    /// Puts a row whose key is not in the page, which has a free slot, where its hash wants it.
    static void put(long page, long hash, int row) {
        int bucket = (int) hash & BUCKET_MASK;
        int slot = freeSlot(page, bucket);
        while (slot < 0) {
            addPassed(page, bucket, 1);
            bucket = bucket + 1 & BUCKET_MASK;
            slot = freeSlot(page, bucket);
        }
        Native.MEMORY.set(ValueLayout.JAVA_BYTE, page + 64L * bucket + slot, (byte) tag(hash));
        Native.putInt(page + rowAt(bucket * BUCKET_SLOTS + slot), row);
    }

    /// Frees the slot that [#find] found for a key of this hash.
    static void remove(long page, long hash, int slot) {
        int found = slot / BUCKET_SLOTS;
        Native.MEMORY.set(ValueLayout.JAVA_BYTE, page + 64L * found + slot % BUCKET_SLOTS, (byte) 0);
        Native.putInt(page + rowAt(slot), 0);
        for (int bucket = (int) hash & BUCKET_MASK; bucket != found; bucket = bucket + 1 & BUCKET_MASK) {
            addPassed(page, bucket, -1);
        }
    }

    /// How many buckets a search for the key in `slot` reads.
    static int probes(long hash, int slot) {
        return (slot / BUCKET_SLOTS - (int) hash & BUCKET_MASK) + 1;
    }

    private static boolean holds(long page, long bucketAt, int slot, long key, Slabs keys) {
        int row = Native.getInt(page + bucketAt + ROWS_AT + 4L * slot);
        return Native.getLong(keys.at(row)) == key;
    }

    private static int freeSlot(long page, int bucket) {
        long at = 64L * bucket;
        long free = zeroBytes(Native.MEMORY.get(TAGS_8, page + at));
        if (free != 0) {
            return Long.numberOfTrailingZeros(free) >>> 3;
        }
        free = zeroBytes((Native.MEMORY.get(TAGS_4, page + at + 8) & 0xFFFF_FFFFL) | (ONES << 32));
        return free == 0 ? -1 : 8 + (Long.numberOfTrailingZeros(free) >>> 3);
    }

    private static void addPassed(long page, int bucket, int count) {
        long at = page + 64L * bucket + PASSED_AT;
        Native.putInt(at, Native.getInt(at) + count);
    }

    private static long rowAt(int slot) {
        return 64L * (slot / BUCKET_SLOTS) + ROWS_AT + 4L * (slot % BUCKET_SLOTS);
    }

    private static long tag(long hash) {
        return Math.max(1, hash >>> BUCKET_BITS & 0xFF);
    }

    /// The top bit of each byte that is 0, and perhaps of some that are 1 above one that is 0.
    private static long zeroBytes(long bytes) {
        return bytes - ONES & ~bytes & TOPS;
    }
}
