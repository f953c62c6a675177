package io.github.corymb.embedding;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// How often each key was seen lately, in bounded memory: a count-min sketch (Cormode, Muthukrishnan: An Improved
/// Data Stream Summary, Journal of Algorithms 2005) with conservative update, in segments of which the oldest is
/// emptied when the newest has taken its share of sightings.
///
///     segment = ⌈capacity / segments / 4⌉ cache lines of 4 x 8 counters of 16 bits
///     count(key) = Σ over segments of min over the 4 counters of the key in its line
///
/// A count is never less than the sightings that are remembered, at least `capacity · (1 - 1 / segments)` of the
/// last, and is more only where other keys share all four counters: in a full segment each counter is met by half
/// a sighting on average, which puts fewer than (1 - e^(-1/2))^4 = 2.4 % of the keys one too high there. Counters
/// stop at 65,535.
///
/// One thread at a time. Memory is that of the table's memory given.
final class CountingSketch {

    private static final int COUNTER_LIMIT = 0xFFFF;
    private static final int LINE_SHARE = 4; // sightings a line is made for
    private static final long LINE_SIZE = 64;
    private static final long GROUP_SIZE = 16; // 8 counters

    private final int lineCount; // of a segment
    private final int segmentCount;
    private final int sightingLimit; // of a segment
    private final MemorySegment counters; // [segments, lines, 4, 8] short
    private int newest;
    private int sightings; // in the newest segment

    CountingSketch(AdmissionSpec.Count spec, TableMemory memory) {
        segmentCount = spec.segments();
        sightingLimit = Math.ceilDiv(spec.capacity(), segmentCount);
        lineCount = Math.ceilDiv(sightingLimit, LINE_SHARE);
        counters = memory.allocate(segmentCount * segmentSize());
    }

    /// How often `key` was seen, as far as that is remembered.
    int count(long key) {
        long hash = Mix.mix(key);
        long line = line(hash);
        int count = 0;
        for (int segment = 0; segment < segmentCount; segment++) {
            count += least(segment * segmentSize() + line, hash);
        }
        return count;
    }

    /// Remembers a sighting of `key`.
    void add(long key) {
        if (sightings == sightingLimit) {
            newest = (newest + 1) % segmentCount;
            sightings = 0;
            counters.asSlice(newest * segmentSize(), segmentSize()).fill((byte) 0);
        }
        sightings++;
        long hash = Mix.mix(key);
        long at = newest * segmentSize() + line(hash);
        int least = least(at, hash);
        if (least == COUNTER_LIMIT) {
            return;
        }
        for (int group = 0; group < 4; group++) {
            long counter = at + counter(hash, group);
            if (get(counter) == least) {
                counters.set(ValueLayout.JAVA_SHORT, counter, (short) (least + 1));
            }
        }
    }

    /// All counters, for a file.
    MemorySegment counters() {
        return counters;
    }

    int newest() {
        return newest;
    }

    int sightings() {
        return sightings;
    }

    /// Takes over what another sketch of the same size held.
    void restore(MemorySegment held, int newestSegment, int sightingsInIt) {
        counters.copyFrom(held);
        newest = newestSegment;
        sightings = sightingsInIt;
    }

    int segmentCount() {
        return segmentCount;
    }

    private int least(long at, long hash) {
        int least = COUNTER_LIMIT;
        for (int group = 0; group < 4; group++) {
            least = Math.min(least, get(at + counter(hash, group)));
        }
        return least;
    }

    private int get(long at) {
        return counters.get(ValueLayout.JAVA_SHORT, at) & COUNTER_LIMIT;
    }

    private long segmentSize() {
        return lineCount * LINE_SIZE;
    }

    private long line(long hash) {
        return (((hash >>> 32) * lineCount) >>> 32) * LINE_SIZE;
    }

    /// Three bits of the hash choose the counter of a group.
    private static long counter(long hash, int group) {
        return group * GROUP_SIZE + 2 * ((hash >>> (3 * group)) & 7);
    }
}
