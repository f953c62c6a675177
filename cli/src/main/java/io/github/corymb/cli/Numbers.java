package io.github.corymb.cli;

import io.github.corymb.metric.MeanAndDeviation;
import java.util.Locale;

/// How numbers are shown to people.
final class Numbers {

    static final String NOT_AVAILABLE = "n/a";

    private Numbers() {}

    /// Four places, as metrics are read; `n/a` for null.
    static String metric(Number value) {
        return value == null ? NOT_AVAILABLE : String.format(Locale.ROOT, "%.4f", value.doubleValue());
    }

    /// With a sign, for differences.
    static String difference(double value) {
        return String.format(Locale.ROOT, "%+.4f", value);
    }

    /// Mean ± sample standard deviation.
    static String spread(MeanAndDeviation value) {
        String mean = String.format(Locale.ROOT, "%.4f", value.mean());
        return value.deviation().isEmpty()
                ? mean
                : mean + String.format(Locale.ROOT, " ± %.4f", value.deviation().getAsDouble());
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /// A share of 1, in percent.
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String size(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024.0));
    }
}
