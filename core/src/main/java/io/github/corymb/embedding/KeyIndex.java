package io.github.corymb.embedding;

import java.util.Arrays;

/// From 64-bit keys to rows, and back. A new key takes the lowest row that a removed key left, or else the next
/// after the last: 1, 2, 3 … in order of arrival. Row 0 has no key, and key 0 has no row.
///
/// Extendible hashing (Fagin, Nievergelt, Pippenger, Strong: Extendible Hashing, ACM TODS 1979): the key's
/// position among 2^32 chooses a [KeyPage] by its upper bits, the lower bits of its hash the bucket in it. A page
/// that is nine tenths full splits in two, which moves its 5529 keys and no others, so that a lookup never asks
/// two pages and no memory is given up on growth. What does grow with the table is the doubling of the directory,
/// 4 bytes a page, each time the table has doubled.
///
///     position(h) = h + h (1 - h) / 3        with h the upper 32 bits of the hash, as a number of [0, 1)
///
/// Positions lie twice as dense at the end as at the beginning. Pages of an evenly spread hash would all fill up
/// and split at about the same time, and be half empty after; of these some always are nearly full and some just
/// split, so that the index takes about 8.3 bytes a key at any size (Martin: Spiral Storage, 1979, has the idea).
///
/// One thread at a time while keys are added or removed, any number of readers otherwise.
final class KeyIndex {

    static final int ABSENT = 0;
    static final int DEPTH_LIMIT = 20; // positions of one page at least: 4,096 of 2^32, 1,024 rows of 2^31

    private static final int SPLIT_COUNT = KeyPage.SLOTS / 10 * 9;

    private final Slabs keys; // of row 0 and of rows without a key: 0
    private long[] pages = {}; // their addresses
    private int[] pageStarts = {}; // first position of each page, in units of 2^12
    private byte[] pageDepths = {}; // how many upper bits of the position all keys of the page share
    private int[] pageKeyCounts = {};
    private int[] pageVersions = {}; // how often each page was changed
    private int pageCount;
    private int[] directory; // [2^depth], page by the upper bits of the position
    private int depth;
    private int keyCount;
    private int lastRow;
    private int freeFrom = 1; // no row below is without a key

    /// What is known of a page.
    ///
    /// @param start of its positions, in units of 2^12
    /// @param depth how many upper bits of the position all its keys share
    /// @param keyCount keys in it
    /// @param version how often it was changed, for whoever copies it meanwhile
    record PageInfo(int start, int depth, int keyCount, int version) {

        /// Units of 2^12 positions.
        int span() {
            return 1 << (DEPTH_LIMIT - depth);
        }
    }

    /// An index of no keys.
    ///
    /// @param keys takes the key of each row
    KeyIndex(Slabs keys, TableMemory memory) {
        this.keys = keys;
        keys.ensure(0, memory);
        growPages(1);
        directory = new int[1];
        addPage(memory.allocate(KeyPage.SIZE).address(), 0, 0);
    }

    /// Takes over what another index had.
    ///
    /// @param pages their addresses, of memory that lives as long as the keys'
    /// @param infos whose positions fill all of 2^32 once
    KeyIndex(Slabs keys, int lastRow, int keyCount, long[] pages, PageInfo[] infos) {
        this.keys = keys;
        this.lastRow = lastRow;
        this.keyCount = keyCount;
        growPages(pages.length);
        for (int page = 0; page < pages.length; page++) {
            depth = Math.max(depth, infos[page].depth());
            addPage(pages[page], infos[page].start(), infos[page].depth());
            pageKeyCounts[page] = infos[page].keyCount();
        }
        directory = new int[1 << depth];
        for (int page = 0; page < pageCount; page++) {
            int from = pageStarts[page] >>> (DEPTH_LIMIT - depth);
            Arrays.fill(directory, from, from + (1 << (depth - pageDepths[page])), page);
        }
    }

    /// An index of the keys that rows 1 … `lastRow` have in `keys`.
    static KeyIndex of(Slabs keys, int lastRow, TableMemory memory) {
        KeyIndex index = new KeyIndex(keys, memory);
        index.lastRow = lastRow;
        for (int row = 1; row <= lastRow; row++) {
            long key = index.keyOf(row);
            if (key != 0) {
                index.put(key, row, memory);
                index.keyCount++;
            }
        }
        return index;
    }

    /// The row of `key`, or [#ABSENT].
    int find(long key) {
        long hash = Mix.mix(key);
        long page = pages[pageOf(hash)];
        int slot = KeyPage.find(page, hash, key, keys);
        return slot < 0 ? ABSENT : KeyPage.row(page, slot);
    }

    /// The rows of many keys, [#ABSENT] for key 0 too. A search waits for memory twice, for a bucket and for the
    /// key that confirms it; here many keys wait at once. No loop branches on what it waits for: a branch foreseen
    /// wrongly would wait alone.
    ///
    /// @param rows takes the rows of keys `from` … `to` - 1 from `rowsFrom` on
    void findAll(long[] of, int from, int to, int[] rows, int rowsFrom, ReadAhead ahead) {
        int shift = rowsFrom - from;
        long[] places = ahead.addresses(); // of buckets, then of the keys that confirm them
        for (int block = from; block < to; block += ReadAhead.LIMIT) {
            int end = Math.min(to, block + ReadAhead.LIMIT);
            for (int i = block; i < end; i++) {
                long hash = Mix.mix(of[i]);
                places[i - block] = KeyPage.bucket(pages[pageOf(hash)], hash);
            }
            ahead.read(end - block);
            for (int i = block; i < end; i++) {
                int row = KeyPage.candidate(places[i - block], Mix.mix(of[i]));
                rows[i + shift] = row;
                places[i - block] = keys.at(row);
            }
            ahead.read(end - block);
            int others = 0; // keys whose row is another than the candidate, or none; they go where places were used
            for (int i = block; i < end; i++) {
                boolean isOther = Native.getLong(places[i - block]) != of[i];
                places[others] = i;
                others += isOther ? 1 : 0;
            }
            for (int other = 0; other < others; other++) {
                int i = (int) places[other];
                rows[i + shift] = find(of[i]);
            }
        }
    }

    /// Reads ahead where some keys would be put.
    ///
    /// @param which places in `of`, of which the first `count` count, at most [ReadAhead#LIMIT]
    void readAhead(long[] of, int[] which, int count, ReadAhead ahead) {
        for (int i = 0; i < count; i++) {
            long hash = Mix.mix(of[which[i]]);
            ahead.addresses()[i] = KeyPage.bucket(pages[pageOf(hash)], hash);
        }
        ahead.read(count);
    }

    /// Gives `key`, which must be neither 0 nor present, a row.
    int add(long key, TableMemory memory) {
        assert key != 0;
        if (keyCount == Integer.MAX_VALUE - 1) {
            throw new IllegalStateException("an embedding table holds at most 2,147,483,646 rows");
        }
        int row = freeRow();
        keys.ensure(row, memory);
        put(key, row, memory);
        Native.putLong(keys.at(row), key);
        keyCount++;
        lastRow = Math.max(lastRow, row);
        freeFrom = row + 1;
        return row;
    }

    /// Takes the key of `row`, which has one, out of the index; the row is free.
    void remove(int row) {
        long key = keyOf(row);
        long hash = Mix.mix(key);
        int page = pageOf(hash);
        long at = pages[page];
        KeyPage.remove(at, hash, KeyPage.find(at, hash, key, keys));
        pageKeyCounts[page]--;
        pageVersions[page]++;
        Native.putLong(keys.at(row), 0);
        keyCount--;
        freeFrom = Math.min(freeFrom, row);
    }

    /// The key of `row`, or 0 where it has none.
    long keyOf(int row) {
        return Native.getLong(keys.at(row));
    }

    int keyCount() {
        return keyCount;
    }

    /// The highest row that ever had a key.
    int lastRow() {
        return lastRow;
    }

    Slabs keys() {
        return keys;
    }

    int pageCount() {
        return pageCount;
    }

    /// The addresses of the pages there are now, as an array that growing leaves alone.
    long[] pages() {
        return Arrays.copyOf(pages, pageCount);
    }

    /// How often each page was changed until now.
    int[] pageVersions() {
        return Arrays.copyOf(pageVersions, pageCount);
    }

    PageInfo info(int page) {
        return new PageInfo(pageStarts[page], pageDepths[page], pageKeyCounts[page], pageVersions[page]);
    }

    /// The directory, in bytes.
    long directorySize() {
        return 4L * directory.length;
    }

    LoadFigures figures() {
        long probeCount = 0;
        int probeLimit = 0;
        for (int page = 0; page < pageCount; page++) {
            for (int slot = 0; slot < KeyPage.SLOTS; slot++) {
                int row = KeyPage.row(pages[page], slot);
                if (row != 0) {
                    int probes = KeyPage.probes(Mix.mix(keyOf(row)), slot);
                    probeCount += probes;
                    probeLimit = Math.max(probeLimit, probes);
                }
            }
        }
        double mean = keyCount == 0 ? 0 : probeCount / (double) keyCount;
        return new LoadFigures(keyCount, (long) pageCount * KeyPage.SLOTS, mean, probeLimit);
    }

    /// Adds the key of `row` to its page, which splits where it is full.
    private void put(long key, int row, TableMemory memory) {
        long hash = Mix.mix(key);
        int page = pageOf(hash);
        while (pageKeyCounts[page] >= SPLIT_COUNT) {
            split(page, memory);
            page = pageOf(hash);
        }
        KeyPage.put(pages[page], hash, row);
        pageKeyCounts[page]++;
        pageVersions[page]++;
    }

    private int freeRow() {
        if (keyCount == lastRow) {
            return lastRow + 1;
        }
        int row = freeFrom;
        while (keyOf(row) != 0) {
            row++;
        }
        return row;
    }

    private int pageOf(long hash) {
        return directory[(int) (position(hash) >>> (32 - depth))];
    }

    private static long position(long hash) {
        long upper = hash >>> 32;
        return upper + ((upper * ((1L << 32) - upper)) >>> 32) / 3;
    }

    /// Moves the keys of `page` whose next bit of the position is 1 to a new page.
    private void split(int page, TableMemory memory) {
        PageInfo info = info(page);
        if (info.depth() == DEPTH_LIMIT) {
            throw new IllegalStateException("the keys of an embedding table are not spread: " + keyCount + " keys");
        }
        int half = info.span() / 2;
        int sister = addPage(memory.allocate(KeyPage.SIZE).address(), info.start() + half, info.depth() + 1);
        if (info.depth() == depth) {
            doubleDirectory();
        }
        int from = (info.start() + half) >>> (DEPTH_LIMIT - depth);
        Arrays.fill(directory, from, from + (1 << (depth - info.depth() - 1)), sister);

        int[] rows = new int[info.keyCount()];
        long[] hashes = new long[info.keyCount()];
        int count = 0;
        for (int slot = 0; slot < KeyPage.SLOTS; slot++) {
            int row = KeyPage.row(pages[page], slot);
            if (row != 0) {
                rows[count++] = row;
            }
        }
        ReadAhead ahead = new ReadAhead();
        for (int block = 0; block < count; block += ReadAhead.LIMIT) {
            int end = Math.min(count, block + ReadAhead.LIMIT);
            keys.readAhead(rows, block, end, Long.BYTES, ahead);
            for (int i = block; i < end; i++) {
                hashes[i] = Mix.mix(Native.getLong(ahead.addresses()[i - block]));
            }
        }
        Native.clear(pages[page], KeyPage.SIZE);
        int moved = 0;
        long middle = (long) (info.start() + half) << (32 - DEPTH_LIMIT);
        for (int i = 0; i < count; i++) {
            boolean moves = position(hashes[i]) >= middle;
            KeyPage.put(pages[moves ? sister : page], hashes[i], rows[i]);
            moved += moves ? 1 : 0;
        }
        pageDepths[page]++;
        pageKeyCounts[page] = count - moved;
        pageKeyCounts[sister] = moved;
        pageVersions[page]++;
    }

    private void doubleDirectory() {
        int[] doubled = new int[directory.length * 2];
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] = directory[i / 2];
        }
        directory = doubled;
        depth++;
    }

    private int addPage(long page, int start, int pageDepth) {
        if (pageCount == pages.length) {
            growPages(pageCount * 2);
        }
        pages[pageCount] = page;
        pageStarts[pageCount] = start;
        pageDepths[pageCount] = (byte) pageDepth;
        return pageCount++;
    }

    private void growPages(int count) {
        pages = Arrays.copyOf(pages, count);
        pageStarts = Arrays.copyOf(pageStarts, count);
        pageDepths = Arrays.copyOf(pageDepths, count);
        pageKeyCounts = Arrays.copyOf(pageKeyCounts, count);
        pageVersions = Arrays.copyOf(pageVersions, count);
    }
}
