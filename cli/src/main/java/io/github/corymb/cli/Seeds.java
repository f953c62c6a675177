package io.github.corymb.cli;

import io.github.corymb.feature.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The seeds of `--seeds`: `1-5`, or `1,7,9`.
final class Seeds {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})-(\\d{1,9})");
    private static final Pattern LIST = Pattern.compile("\\d{1,18}(,\\d{1,18})*");
    private static final int COUNT_LIMIT = 1000;

    private Seeds() {}

    static long[] parse(String text) {
        Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            long first = Long.parseLong(range.group(1));
            long last = Long.parseLong(range.group(2));
            if (first <= last && last - first < COUNT_LIMIT) {
                return LongStream.rangeClosed(first, last).toArray();
            }
        } else if (LIST.matcher(text).matches()) {
            return Stream.of(text.split(","))
                    .mapToLong(Long::parseLong)
                    .distinct()
                    .toArray();
        }
        throw new InputException("--seeds: expected at most 1,000 seeds like 1-5 or 1,7,9, found '" + text + "'");
    }
}
