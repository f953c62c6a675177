package io.github.corymb.embedding;

import java.lang.foreign.Arena;

/// Memory of an arena for one use at a time. What is outgrown stays until the arena ends, less than the last is
/// itself.
final class Scratch {

    private final Arena arena;
    private long address;
    private long size;

    Scratch(Arena arena) {
        this.arena = arena;
    }

    /// The address of at least `needed` bytes, whatever is in them.
    long ofSize(long needed) {
        if (size < needed) {
            size = 2 * needed;
            address = arena.allocate(size, Slabs.ALIGNMENT).address();
        }
        return address;
    }

    /// The address given last.
    long address() {
        return address;
    }
}
