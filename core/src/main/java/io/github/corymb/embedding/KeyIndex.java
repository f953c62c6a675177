package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// From 64-bit keys to rows 1, 2, 3 … in order of arrival, and back. Row 0 has no key, and key 0 has no row.
///
/// Extendible hashing (Fagin, Nievergelt, Pippenger, Strong: Extendible Hashing, ACM TODS 1979) over pages of
/// open addressing: the upper bits of a key's hash choose the page, the lowest 12 the slot where a linear
/// search begins. A page that is three quarters full splits in two, which moves its 3072 keys and no others,
/// so that a lookup never asks two places and no memory is given up on growth. What does grow with the table
/// is the doubling of the directory, 4 bytes a page, each time the table has doubled.
///
///     slot, 64 bits = bits 12 … 43 of the hash | row, 32 bits         0 is the empty slot
///
/// A slot whose hash bits agree is confirmed by the row's key. One thread at a time while keys are added, any
/// number of readers otherwise.
final class KeyIndex {

    static final int ABSENT = 0;
    static final int PAGE_SLOTS = 4096;
    static final long PAGE_SIZE = 8L * PAGE_SLOTS;
    static final int DEPTH_LIMIT = 20; // 2^32 slots, twice the rows that an int numbers; bits 44 … 63 of the hash

    private static final int BLOCK = 128; // keys that are searched for at once

    private static final int SLOT_BITS = 12;
    private static final int SLOT_MASK = PAGE_SLOTS - 1;
    private static final int SPLIT_COUNT = PAGE_SLOTS / 4 * 3;
    private static final long ROW_MASK = 0xFFFF_FFFFL;

    private final Slabs keys;
    private MemorySegment[] pages;
    private long[] pageAddresses;
    private int[] pageKeyCounts;
    private byte[] pageDepths; // how many upper bits of the hash all keys of the page share
    private int pageCount;
    private int[] directory; // [2^depth], page by the upper bits of the hash
    private int depth;
    private int keyCount;

    KeyIndex(Arena arena) {
        keys = new Slabs(Long.BYTES);
        keys.ensure(0, arena);
        pages = new MemorySegment[1];
        pageAddresses = new long[1];
        pageKeyCounts = new int[1];
        pageDepths = new byte[1];
        directory = new int[1];
        addPage(arena, 0);
    }

    /// Takes over pages and keys as [#page(int)], [#pageDepth(int)] and [#keys()] gave them.
    ///
    /// @param pages in the order of the directory, with depths that fill it exactly
    KeyIndex(Slabs keys, int keyCount, MemorySegment[] pages, byte[] pageDepths, int[] pageKeyCounts) {
        this.keys = keys;
        this.keyCount = keyCount;
        this.pages = pages;
        this.pageAddresses =
                Arrays.stream(pages).mapToLong(MemorySegment::address).toArray();
        this.pageDepths = pageDepths;
        this.pageKeyCounts = pageKeyCounts;
        this.pageCount = pages.length;
        for (byte pageDepth : pageDepths) {
            depth = Math.max(depth, pageDepth);
        }
        directory = new int[1 << depth];
        int from = 0;
        for (int page = 0; page < pageCount; page++) {
            int to = from + (1 << (depth - pageDepths[page]));
            Arrays.fill(directory, from, to, page);
            from = to;
        }
    }

    /// The row of `key`, or [#ABSENT].
    int find(long key) {
        long hash = Mix.mix(key);
        long page = pageAddresses[pageOf(hash)];
        int slot = (int) hash & SLOT_MASK;
        for (int probe = 0; probe < PAGE_SLOTS; probe++) {
            long entry = Native.getLong(page + 8L * slot);
            if (entry == 0) {
                return ABSENT;
            }
            if (entry >>> 32 == tag(hash)) {
                int row = (int) entry;
                if (keyOf(row) == key) {
                    return row;
                }
            }
            slot = slot + 1 & SLOT_MASK;
        }
        return ABSENT;
    }

    /// The rows of many keys, [#ABSENT] for key 0 too. A search waits for memory twice, for a slot and for the key that
    /// confirms it; here many keys wait at once, in loops too short to keep the processor from running ahead.
    ///
    /// @param rows takes the rows of keys `from` … `to` - 1 from `rowsFrom` on
    void findAll(long[] of, int from, int to, int[] rows, int rowsFrom) {
        for (int block = from; block < to; block += BLOCK) {
            int end = Math.min(to, block + BLOCK);
            int shift = rowsFrom - from;
            if (touchSlots(of, block, end) == 0) { // all are empty
                Arrays.fill(rows, block + shift, end + shift, ABSENT);
                continue;
            }
            for (int i = block; i < end; i++) {
                rows[i + shift] = candidate(Mix.mix(of[i]));
            }
            if (!areConfirmed(of, block, end, rows, shift)) {
                for (int i = block; i < end; i++) {
                    rows[i + shift] = of[i] == 0 ? ABSENT : find(of[i]);
                }
            }
        }
    }

    /// Reads the first slot of each key.
    ///
    /// @return the bits that any of them has
    private long touchSlots(long[] of, int from, int to) {
        long bits = 0;
        for (int i = from; i < to; i++) {
            long hash = Mix.mix(of[i]);
            bits |= Native.getLong(pageAddresses[pageOf(hash)] + 8L * ((int) hash & SLOT_MASK));
        }
        return bits;
    }

    /// The row in the first slot whose hash bits agree, or [#ABSENT].
    private int candidate(long hash) {
        long page = pageAddresses[pageOf(hash)];
        int slot = (int) hash & SLOT_MASK;
        for (int probe = 0; probe < PAGE_SLOTS; probe++) {
            long entry = Native.getLong(page + 8L * slot);
            if (entry == 0 || entry >>> 32 == tag(hash)) {
                return (int) entry;
            }
            slot = slot + 1 & SLOT_MASK;
        }
        return ABSENT;
    }

    private boolean areConfirmed(long[] of, int from, int to, int[] rows, int shift) {
        long difference = 0;
        for (int i = from; i < to; i++) {
            int row = rows[i + shift];
            difference |= row == ABSENT ? 0 : Native.getLong(keys.at(row)) ^ of[i];
        }
        return difference == 0;
    }

    /// Gives `key`, which must be neither 0 nor present, the next row.
    int add(long key, Arena arena) {
        assert key != 0;
        if (keyCount == Integer.MAX_VALUE - 1) {
            throw new IllegalStateException("an embedding table holds at most 2,147,483,646 rows");
        }
        long hash = Mix.mix(key);
        int page = pageOf(hash);
        while (pageKeyCounts[page] >= SPLIT_COUNT) {
            split(page, hash, arena);
            page = pageOf(hash);
        }
        int row = ++keyCount;
        keys.ensure(row, arena);
        keys.of(row).set(ValueLayout.JAVA_LONG, keys.offset(row), key);
        put(page, hash, row);
        return row;
    }

    long keyOf(int row) {
        return Native.getLong(keys.at(row));
    }

    int keyCount() {
        return keyCount;
    }

    Slabs keys() {
        return keys;
    }

    int pageCount() {
        return pageCount;
    }

    MemorySegment page(int page) {
        return pages[page];
    }

    byte pageDepth(int page) {
        return pageDepths[page];
    }

    /// All pages in the order of the directory, which does not tell when each came to be.
    int[] pagesInOrder() {
        int[] ordered = new int[pageCount];
        int at = 0;
        for (int page = 0; page < pageCount; page++) {
            ordered[page] = directory[at];
            at += 1 << (depth - pageDepths[directory[at]]);
        }
        return ordered;
    }

    long size() {
        return keys.size() + pageCount * PAGE_SIZE + 4L * directory.length;
    }

    LoadFigures figures() {
        long probeCount = 0;
        int probeLimit = 0;
        for (int page = 0; page < pageCount; page++) {
            for (int slot = 0; slot < PAGE_SLOTS; slot++) {
                long entry = pages[page].get(ValueLayout.JAVA_LONG, 8L * slot);
                if (entry != 0) {
                    int home = (int) Mix.mix(keyOf((int) entry)) & SLOT_MASK;
                    int probes = (slot - home & SLOT_MASK) + 1;
                    probeCount += probes;
                    probeLimit = Math.max(probeLimit, probes);
                }
            }
        }
        double mean = keyCount == 0 ? 0 : probeCount / (double) keyCount;
        return new LoadFigures(keyCount, (long) pageCount * PAGE_SLOTS, mean, probeLimit);
    }

    private int pageOf(long hash) {
        return directory[(int) ((hash >>> 1) >>> (63 - depth))]; // two shifts, since a shift by 64 is none
    }

    private static long tag(long hash) {
        return hash >>> SLOT_BITS & ROW_MASK;
    }

    private void put(int page, long hash, int row) {
        MemorySegment slots = pages[page];
        int slot = (int) hash & SLOT_MASK;
        while (slots.get(ValueLayout.JAVA_LONG, 8L * slot) != 0) {
            slot = slot + 1 & SLOT_MASK;
        }
        slots.set(ValueLayout.JAVA_LONG, 8L * slot, tag(hash) << 32 | row);
        pageKeyCounts[page]++;
    }

    /// Moves the keys of `page` whose next bit of the hash is 1 to a new page.
    private void split(int page, long hash, Arena arena) {
        int pageDepth = pageDepths[page];
        if (pageDepth == DEPTH_LIMIT) {
            throw new IllegalStateException("the keys of an embedding table are not spread: " + keyCount + " keys");
        }
        if (pageDepth == depth) {
            doubleDirectory();
        }
        int sister = addPage(arena, pageDepth + 1);
        pageDepths[page]++;
        int span = 1 << (depth - pageDepth);
        int from = (int) ((hash >>> 1) >>> (63 - depth)) & -span;
        Arrays.fill(directory, from + span / 2, from + span, sister);

        long[] entries = pages[page].toArray(ValueLayout.JAVA_LONG);
        pages[page].fill((byte) 0);
        pageKeyCounts[page] = 0;
        for (long entry : entries) {
            if (entry != 0) {
                long moved = Mix.mix(keyOf((int) entry));
                put(pageOf(moved), moved, (int) entry);
            }
        }
    }

    private void doubleDirectory() {
        int[] doubled = new int[directory.length * 2];
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] = directory[i / 2];
        }
        directory = doubled;
        depth++;
    }

    private int addPage(Arena arena, int pageDepth) {
        if (pageCount == pages.length) {
            pages = Arrays.copyOf(pages, pageCount * 2);
            pageAddresses = Arrays.copyOf(pageAddresses, pageCount * 2);
            pageKeyCounts = Arrays.copyOf(pageKeyCounts, pageCount * 2);
            pageDepths = Arrays.copyOf(pageDepths, pageCount * 2);
        }
        pages[pageCount] = arena.allocate(PAGE_SIZE, Slabs.ALIGNMENT);
        pageAddresses[pageCount] = pages[pageCount].address();
        pageDepths[pageCount] = (byte) pageDepth;
        return pageCount++;
    }
}
