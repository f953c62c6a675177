package io.github.corymb.embedding;

/// Places in memory that are read all at once before they are used one by one, so that the waits for them overlap.
///
/// A processor overlaps as many waits as it finds among the next few hundred instructions, so that reading must take
/// few of them: first all addresses are reckoned, then they are read in a loop that does nothing else. One thread at a
/// time.
final class ReadAhead {

    /// Places at once: their lines, and those they are moved to, fit the first cache.
    static final int LIMIT = 128;

    private final long[] addresses = new long[LIMIT];
    private int unseen = 0x7FC0_DEAD; // hardly ever read; compared, lest the compiler leave the reading out

    /// Where the addresses of the next places are to be put. Whoever put them may use them after they were read.
    long[] addresses() {
        return addresses;
    }

    /// Reads at each of the first `count` addresses.
    void read(int count) {
        for (int i = 0; i < count; i++) {
            look(addresses[i]);
        }
    }

    /// Reads where each of the first `count` places begins and where it ends, which may be another cache line.
    ///
    /// @param size bytes of each, at least 4
    void read(int count, long size) {
        read(count);
        for (int i = 0; i < count; i++) {
            look(addresses[i] + size - Integer.BYTES);
        }
    }

    /// Makes nothing of what it reads, so that no reading has to wait for the one before.
    private void look(long address) {
        if (Native.getInt(address) == unseen) {
            unseen++;
        }
    }
}
