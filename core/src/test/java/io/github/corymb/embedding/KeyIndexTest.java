package io.github.corymb.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class KeyIndexTest {

    private static final int KEY_COUNT = 100_000; // splits the first page some thirty times

    @Test
    void everyKeyKeepsItsRowThroughAllSplits() {
        try (Arena arena = Arena.ofConfined()) {
            KeyIndex index = new KeyIndex(arena);
            for (int i = 1; i <= KEY_COUNT; i++) {
                assertEquals(KeyIndex.ABSENT, index.find(key(i)));
                assertEquals(i, index.add(key(i), arena));
                int earlier = 1 + i / 2;
                assertEquals(earlier, index.find(key(earlier)));
            }
            for (int i = 1; i <= KEY_COUNT; i++) {
                assertEquals(i, index.find(key(i)));
                assertEquals(key(i), index.keyOf(i));
                assertEquals(KeyIndex.ABSENT, index.find(~key(i)));
            }
            assertEquals(KEY_COUNT, index.keyCount());
        }
    }

    @Test
    void noPageIsMoreThanThreeQuartersFullAndSearchesStayShort() {
        try (Arena arena = Arena.ofConfined()) {
            KeyIndex index = new KeyIndex(arena);
            for (int i = 1; i <= KEY_COUNT; i++) {
                index.add(key(i), arena);
            }
            LoadFigures figures = index.figures();
            assertEquals(KEY_COUNT, figures.keyCount());
            assertEquals(KEY_COUNT / (double) figures.slotCount(), figures.load());
            assertTrue(figures.load() <= 0.75 && figures.load() > 0.75 / 2 * 0.9, figures.toString());
            // Knuth: a search that finds reads (1 + 1 / (1 - load)) / 2 slots, at load 3/4 at most 2.5
            assertTrue(figures.meanProbeCount() < 2.5, figures.toString());
            assertTrue(figures.maxProbeCount() >= figures.meanProbeCount(), figures.toString());
        }
    }

    @Test
    void pagesInOrderBuildTheSameDirectoryAgain() {
        try (Arena arena = Arena.ofConfined()) {
            KeyIndex index = new KeyIndex(arena);
            for (int i = 1; i <= KEY_COUNT; i++) {
                index.add(key(i), arena);
            }
            int[] ordered = index.pagesInOrder();
            MemorySegment[] pages = new MemorySegment[ordered.length];
            byte[] depths = new byte[ordered.length];
            for (int page = 0; page < ordered.length; page++) {
                pages[page] = index.page(ordered[page]);
                depths[page] = index.pageDepth(ordered[page]);
            }
            KeyIndex again = new KeyIndex(index.keys(), KEY_COUNT, pages, depths, new int[ordered.length]);
            for (int i = 1; i <= KEY_COUNT; i++) {
                assertEquals(i, again.find(key(i)));
            }
        }
    }

    /// Negative, small and large keys, none of them 0 and no two equal.
    private static long key(int i) {
        return switch (i % 3) {
            case 0 -> i;
            case 1 -> (long) i << 40;
            default -> -i;
        };
    }
}
