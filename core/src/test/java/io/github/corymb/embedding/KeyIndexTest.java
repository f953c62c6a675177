package io.github.corymb.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KeyIndexTest {

    private static final int KEY_COUNT = 100_000; // splits the first page some thirty times

    @Test
    void everyKeyKeepsItsRowThroughAllSplits() {
        try (TableMemory memory = TableMemory.unbounded()) {
            KeyIndex index = new KeyIndex(new Slabs(Long.BYTES), memory);
            for (int i = 1; i <= KEY_COUNT; i++) {
                assertEquals(KeyIndex.ABSENT, index.find(key(i)));
                assertEquals(i, index.add(key(i), memory));
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
    void manyAreFoundAsEachIs() {
        try (TableMemory memory = TableMemory.unbounded()) {
            KeyIndex index = new KeyIndex(new Slabs(Long.BYTES), memory);
            long[] asked = new long[1000];
            for (int i = 1; i < asked.length; i++) {
                asked[i] = key(i); // and key 0 first
                if (i % 3 > 0) {
                    index.add(asked[i], memory);
                }
            }
            int[] rows = new int[asked.length];
            index.findAll(asked, 1, asked.length, rows, 1, new ReadAhead());
            index.findAll(asked, 0, 1, rows, 0, new ReadAhead());
            for (int i = 0; i < asked.length; i++) {
                assertEquals(i == 0 ? KeyIndex.ABSENT : index.find(asked[i]), rows[i]);
            }
        }
    }

    @Test
    void keysComeAndGoAsInAMapAndTheLowestRowIsTakenAgain() {
        SplittableRandom random = new SplittableRandom(5);
        Map<Long, Integer> expected = new HashMap<>();
        TreeSet<Integer> free = new TreeSet<>();
        List<Long> present = new ArrayList<>();
        try (TableMemory memory = TableMemory.unbounded()) {
            KeyIndex index = new KeyIndex(new Slabs(Long.BYTES), memory);
            for (int turn = 0; turn < 200_000; turn++) {
                boolean grows = turn / 20_000 % 2 == 0;
                if (present.isEmpty() || random.nextInt(10) < (grows ? 8 : 2)) {
                    long key = Mix.mix(turn + 1L);
                    int row = free.isEmpty() ? expected.size() + 1 : free.pollFirst();
                    assertEquals(row, index.add(key, memory));
                    expected.put(key, row);
                    present.add(key);
                } else {
                    int at = random.nextInt(present.size());
                    long key = present.set(at, present.getLast());
                    present.removeLast();
                    int row = expected.remove(key);
                    index.remove(row);
                    free.add(row);
                    assertEquals(KeyIndex.ABSENT, index.find(key));
                    assertEquals(0, index.keyOf(row));
                }
                assertEquals(expected.size(), index.keyCount());
            }
            expected.forEach((key, row) -> assertEquals(row, index.find(key)));
            KeyIndex again = KeyIndex.of(index.keys(), index.lastRow(), memory);
            expected.forEach((key, row) -> assertEquals(row, again.find(key)));
            assertEquals(expected.size(), again.keyCount());
        }
    }

    @Test
    void noPageIsMoreThanNineTenthsFullAndSearchesStayShort() {
        try (TableMemory memory = TableMemory.unbounded()) {
            KeyIndex index = new KeyIndex(new Slabs(Long.BYTES), memory);
            for (int i = 1; i <= KEY_COUNT; i++) {
                index.add(key(i), memory);
            }
            for (int page = 0; page < index.pageCount(); page++) {
                assertTrue(index.info(page).keyCount() <= KeyPage.SLOTS * 0.9);
            }
            LoadFigures figures = index.figures();
            assertEquals(KEY_COUNT, figures.keyCount());
            assertEquals(KEY_COUNT / (double) figures.slotCount(), figures.load());
            assertTrue(figures.meanProbeCount() < 1.2, figures.toString());
            assertTrue(figures.maxProbeCount() >= figures.meanProbeCount(), figures.toString());
        }
    }

    /// With positions spread evenly the load would swing between 0.45 and 0.9 with each doubling.
    @Test
    void theLoadIsMuchTheSameAtAnySize() {
        try (TableMemory memory = TableMemory.unbounded()) {
            KeyIndex index = new KeyIndex(new Slabs(Long.BYTES), memory);
            int next = 400_000;
            for (int i = 1; i <= 1_600_000; i++) {
                index.add(i, memory);
                if (i == next) {
                    double load = index.figures().load();
                    assertTrue(load > 0.58 && load < 0.70, load + " with " + i + " keys");
                    next += 100_000;
                }
            }
        }
    }

    @Test
    void pagesAndWhatIsKnownOfThemBuildTheSameDirectoryAgain() {
        try (TableMemory memory = TableMemory.unbounded()) {
            KeyIndex index = new KeyIndex(new Slabs(Long.BYTES), memory);
            for (int i = 1; i <= KEY_COUNT; i++) {
                index.add(key(i), memory);
            }
            long[] pages = index.pages();
            KeyIndex.PageInfo[] infos = new KeyIndex.PageInfo[pages.length];
            Set<Integer> versions = new HashSet<>();
            for (int page = 0; page < pages.length; page++) {
                infos[page] = index.info(page);
                versions.add(infos[page].version());
            }
            assertTrue(versions.size() > 1); // each page counts its own changes
            KeyIndex again = new KeyIndex(index.keys(), KEY_COUNT, KEY_COUNT, pages, infos);
            for (int i = 1; i <= KEY_COUNT; i++) {
                assertEquals(i, again.find(key(i)));
            }
        }
    }

    /// Keys that share a bucket and a tag are told apart by the keys themselves.
    @Test
    void keysOfOneBucketAreToldApart() {
        try (TableMemory memory = TableMemory.unbounded()) {
            KeyIndex index = new KeyIndex(new Slabs(Long.BYTES), memory);
            Deque<Long> keys = new ArrayDeque<>();
            for (long i = 1; keys.size() < 30; i++) { // more than two buckets hold
                if ((Mix.mix(i) & 0x1FFFF) == 0x155) {
                    keys.add(i);
                    index.add(i, memory);
                }
            }
            int row = 1;
            for (long key : keys) {
                assertEquals(row++, index.find(key));
            }
            index.remove(1);
            assertEquals(KeyIndex.ABSENT, index.find(keys.getFirst()));
            assertEquals(30, index.find(keys.getLast()));
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
