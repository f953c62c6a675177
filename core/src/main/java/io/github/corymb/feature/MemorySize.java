package io.github.corymb.feature;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Amounts of memory as experiment files write them, in powers of 1,024: `512MB`, `1.5 GiB`, `4g`, `4096`.
public final class MemorySize {

    private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGT]?)I?B?");
    private static final String UNITS = " KMGT";

    private MemorySize() {}

    /// Bytes of a size.
    ///
    /// @param key that the message begins with
    /// @throws IllegalArgumentException where the text is no size
    public static long parse(String key, String text) {
        Matcher matcher = TEXT.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(key + ": expected a size such as 512MB or 4GB, found '" + text + "'");
        }
        int power = UNITS.indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2));
        return (long) (Double.parseDouble(matcher.group(1)) * (1L << (10 * power)));
    }

    /// A size as people read it: `1.5 GB`.
    public static String format(long bytes) {
        int power = 0;
        double value = bytes;
        while (value >= 1024 && power < UNITS.length() - 1) {
            value /= 1024;
            power++;
        }
        return power == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %cB", value, UNITS.charAt(power));
    }
}
