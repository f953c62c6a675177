package io.github.corymb.serving.server;

import java.util.concurrent.atomic.AtomicLong;

/// Chooses a share of requests, evenly spread: the n-th where the fraction of n times the golden ratio is below the
/// share. So any stretch of requests has the share to within a few, and no period of traffic falls in step with it.
///
/// Any number of threads.
final class Sample {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L; // fraction of the golden ratio, times 2⁶⁴

    private final long limit; // share times 2⁶³
    private final AtomicLong position = new AtomicLong();

    /// @param share from 0 to 1
    Sample(double share) {
        limit = (long) (share * 0x1p63);
    }

    /// Whether the next request is chosen.
    boolean next() {
        return (position.getAndAdd(GOLDEN) >>> 1) < limit || limit == Long.MAX_VALUE;
    }
}
