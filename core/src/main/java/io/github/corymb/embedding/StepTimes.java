package io.github.corymb.embedding;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/// When steps were, so that an age becomes a step and no row needs a time of its own: pairs of a step and the time
/// at which it was over, at least a resolution apart. One thread at a time.
final class StepTimes {

    private static final int PARTS = 1000; // of the longest age that is asked for

    private long[] millis = new long[1];
    private int[] steps = new int[1];
    private int count;

    /// Notes that `step` was over at `now`, unless an age of `age` does not need to know.
    void note(int step, Instant now, Duration age) {
        long at = now.toEpochMilli();
        long resolution = Math.max(1, age.toMillis() / PARTS);
        if (count > 0 && (step <= steps[count - 1] || at - millis[count - 1] < resolution)) {
            return;
        }
        if (count == steps.length) {
            millis = Arrays.copyOf(millis, count * 2);
            steps = Arrays.copyOf(steps, count * 2);
        }
        millis[count] = at;
        steps[count] = step;
        count++;
    }

    /// The last step that surely was over at `time`, -1 where none is known to have been. Forgets all before it.
    int lastStepBy(Instant time) {
        long at = time.toEpochMilli();
        int found = -1;
        while (found + 1 < count && millis[found + 1] <= at) {
            found++;
        }
        if (found < 0) {
            return -1;
        }
        count -= found;
        System.arraycopy(millis, found, millis, 0, count);
        System.arraycopy(steps, found, steps, 0, count);
        return steps[0];
    }

    int count() {
        return count;
    }

    long millis(int index) {
        return millis[index];
    }

    int step(int index) {
        return steps[index];
    }

    /// Appends a pair as [#millis(int)] and [#step(int)] gave it.
    void restore(long timeMillis, int step) {
        note(step, Instant.ofEpochMilli(timeMillis), Duration.ZERO);
    }
}
