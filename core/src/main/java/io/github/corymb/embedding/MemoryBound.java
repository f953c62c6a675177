package io.github.corymb.embedding;

import io.github.corymb.feature.MemorySize;
import java.util.concurrent.atomic.AtomicLong;

/// A bound on the off-heap memory of several tables together. Any number of threads.
public final class MemoryBound {

    private final String key;
    private final long limit;
    private final AtomicLong size = new AtomicLong();

    /// @param key of the experiment file that sets it, to be named where it is reached
    /// @param limit in bytes
    public MemoryBound(String key, long limit) {
        this.key = key;
        this.limit = limit;
    }

    /// The bound that a text such as `12GB` sets under a key; none for null.
    public static MemoryBound of(String key, String text) {
        return text == null ? none() : new MemoryBound(key, MemorySize.parse(key, text));
    }

    /// No bound.
    public static MemoryBound none() {
        return new MemoryBound("", Long.MAX_VALUE);
    }

    /// Bytes taken.
    public long size() {
        return size.get();
    }

    String key() {
        return key;
    }

    String limitText() {
        return MemorySize.format(limit);
    }

    /// Takes `bytes`, or nothing and returns false.
    boolean take(long bytes) {
        if (size.addAndGet(bytes) > limit) {
            size.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        size.addAndGet(-bytes);
    }
}
