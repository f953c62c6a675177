package io.github.corymb.embedding;

import java.util.function.LongConsumer;

/// Keys whose rows were given up, with the step at which each was, in that order: what a consumer that holds older
/// rows must no longer serve. They cost 12 bytes each until they are forgotten. One thread at a time.
final class Tombstones {

    private final Slabs keys = new Slabs(Long.BYTES);
    private final Slabs steps = new Slabs(Integer.BYTES);
    private int count;

    void add(long key, int step, TableMemory memory) {
        keys.ensure(count, memory);
        steps.ensure(count, memory);
        Native.putLong(keys.at(count), key);
        Native.putInt(steps.at(count), step);
        count++;
    }

    int count() {
        return count;
    }

    long key(int index) {
        return Native.getLong(keys.at(index));
    }

    int step(int index) {
        return Native.getInt(steps.at(index));
    }

    /// The keys evicted after `step`, as often as they were.
    void since(long step, LongConsumer consumer) {
        for (int index = firstAfter(step); index < count; index++) {
            consumer.accept(key(index));
        }
    }

    /// Drops those up to `step`; their memory is used again.
    void forget(long step) {
        int from = firstAfter(step);
        for (int index = from; index < count; index++) {
            int target = index - from;
            Native.putLong(keys.at(target), key(index));
            Native.putInt(steps.at(target), step(index));
        }
        count -= from;
    }

    private int firstAfter(long step) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (step(middle) > step) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
