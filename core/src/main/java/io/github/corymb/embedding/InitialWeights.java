package io.github.corymb.embedding;

/// The weights a row begins with: a function of the seed, the table, the key and the column alone, so that
/// neither the order of arrival nor the number of threads shows in them.
///
/// They are near normal with mean 0: the sum of four uniform numbers of 16 bits (Irwin and Hall, 1927), moved
/// and scaled to the standard deviation asked for. No logarithm is taken, so the bits are the same on every
/// machine, and no weight lies beyond √12 = 3.46 standard deviations, which spares rare ids a wild start.
final class InitialWeights {

    private static final double MEAN = 4 * 65535 / 2.0;
    // a uniform integer of 0..n-1 has variance (n² - 1) / 12
    private static final double DEVIATION = Math.sqrt(4 * (65536.0 * 65536.0 - 1) / 12);

    private InitialWeights() {}

    static float weight(long tableSeed, long key, int column, double scale) {
        long bits = Mix.mix(Mix.mix(tableSeed, key) + column * Mix.GOLDEN_GAMMA);
        long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
        return (float) ((sum - MEAN) / DEVIATION * scale);
    }

    static void fill(long row, RowLayout layout, long tableSeed, long key, int mean, double scale) {
        for (int column = 0; column < layout.dimension(); column++) {
            StoredNumber.put(layout.storage(), row, column, mean + weight(tableSeed, key, column, scale));
        }
    }
}
