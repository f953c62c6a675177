package io.github.corymb.serving;

import io.github.corymb.bundle.BundleReader.Verification;

/// How bundles are opened and run.
///
/// @param verification how much of a bundle is read before it is trusted
/// @param graphThreads threads of ONNX Runtime within one request; 1 gives the most requests a second
/// @param itemLimit rows of one request, so that its memory is bounded
/// @param warmUpCount made-up requests that a bundle answers before it serves
public record RankerOptions(Verification verification, int graphThreads, int itemLimit, int warmUpCount) {

    public static final RankerOptions STANDARD = new RankerOptions(Verification.TABLES_BY_CRC32C, 1, 10_000, 20);

    public RankerOptions {
        requireFrom("graph_threads", 1, graphThreads);
        requireFrom("item_limit", 1, itemLimit);
        requireFrom("warm_up_count", 0, warmUpCount);
    }

    /// The same, but of tables only the sizes are looked at, not the checksums, so that a bundle opens as fast with
    /// large tables as with small ones. A table that was altered then gives wrong scores, and nobody is told.
    public RankerOptions trustingTables() {
        return new RankerOptions(Verification.ALL_BUT_TABLES, graphThreads, itemLimit, warmUpCount);
    }

    private static void requireFrom(String key, int minimum, int found) {
        if (found < minimum) {
            throw new IllegalArgumentException("%s: expected at least %d, found %d".formatted(key, minimum, found));
        }
    }
}
