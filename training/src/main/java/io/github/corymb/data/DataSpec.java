package io.github.corymb.data;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is read: `data` of the experiment file.
///
/// @param source SQL that starts with SELECT, WITH or FROM, or the path of a file that ends in `.csv`, `.tsv`, `.parquet`,
///     `.json`, `.ndjson` or `.jsonl`, all but Parquet also with `.gz`. Relative paths, also those in the SQL, are those of
///     the experiment file's folder
/// @param split how rows are divided
/// @param user column that groups rows for GAUC; null for none
/// @param memory how much of the encoded rows stays in memory, such as `2GB`; the rest goes to a file. By default `4GB`
/// @param threads how many threads read. Not given: all cores for a file, and one for SQL whose order or values could
///     depend on their number (joins, windows, groups, order), so that one source always gives the same rows
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataSpec(String source, SplitSpec split, String user, String memory, Integer threads) {

    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGT]?)I?B?");

    public DataSpec {
        if (source == null || source.isBlank()) {
            throw new IllegalArgumentException("source: expected SQL or the path of a file, found nothing");
        }
        memory = requireNonNullElse(memory, "4GB");
        parseBytes("memory", memory);
        if (threads != null && (threads < 1 || threads > 1024)) {
            throw new IllegalArgumentException("threads: expected 1 to 1024, found " + threads);
        }
    }

    /// The same, with another source.
    public DataSpec withSource(String other) {
        return new DataSpec(other, split, user, memory, threads);
    }

    /// The same, with another column for GAUC.
    public DataSpec withUser(String other) {
        return new DataSpec(source, split, other, memory, threads);
    }

    long memoryBytes() {
        return parseBytes("memory", memory);
    }

    /// Bytes of a size such as `512MB`, `1.5 GiB` or `4g`, in powers of 1,024.
    private static long parseBytes(String key, String text) {
        Matcher matcher = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(key + ": expected a size such as 512MB or 4GB, found '" + text + "'");
        }
        int power = " KMGT".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2));
        return (long) (Double.parseDouble(matcher.group(1)) * (1L << (10 * power)));
    }
}
