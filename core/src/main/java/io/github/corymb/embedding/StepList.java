package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/// A list of numbers with a step each, as a block of a table's file: [n] long, then [n] int.
final class StepList {

    private static final long ENTRY_SIZE = Long.BYTES + Integer.BYTES;

    /// Takes one entry.
    @FunctionalInterface
    interface Taker {
        void take(long number, int step);
    }

    private StepList() {}

    /// The block of `count` entries, in memory of `arena`.
    static MemorySegment write(Arena arena, int count, IntToLongFunction numbers, IntUnaryOperator steps) {
        MemorySegment all = arena.allocate(ENTRY_SIZE * Math.max(1, count), Long.BYTES);
        MemorySegment block = all.asSlice(0, ENTRY_SIZE * count);
        for (int i = 0; i < count; i++) {
            block.set(ValueLayout.JAVA_LONG, 8L * i, numbers.applyAsLong(i));
            block.set(ValueLayout.JAVA_INT, 8L * count + 4L * i, steps.applyAsInt(i));
        }
        return block;
    }

    /// Gives all entries of a block, in their order.
    static void read(MemorySegment block, Taker taker) {
        long count = block.byteSize() / ENTRY_SIZE;
        for (long i = 0; i < count; i++) {
            taker.take(block.get(ValueLayout.JAVA_LONG, 8 * i), block.get(ValueLayout.JAVA_INT, 8 * count + 4 * i));
        }
    }
}
