package io.github.corymb.data;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.MemorySize;

/// What is read: `data` of the experiment file.
///
/// @param source SQL that starts with SELECT, WITH or FROM, or the path of a file that ends in `.csv`, `.tsv`,
///     `.parquet`, `.json`, `.ndjson` or `.jsonl`, all but Parquet also with `.gz`. Relative paths, also those in the
///     SQL, are those of the experiment file's folder
/// @param split how rows are divided
/// @param user column that groups rows for GAUC; null for none
/// @param memory how much of the encoded rows stays in memory, such as `2GB`; the rest goes to a file. By default `4GB`
/// @param threads how many threads read. Not given: all cores for a file, and one for SQL whose order or values could
///     depend on their number (joins, windows, groups, order), so that one source always gives the same rows
/// @param cache whether encoded rows stay on disk, for the user alone to read, for later runs of the same source,
///     features, tasks and seed; by default true
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataSpec(String source, SplitSpec split, String user, String memory, Integer threads, Boolean cache) {

    private static final String NO_SOURCE = "source: expected SQL or the path of a file, found nothing";

    public DataSpec {
        if (source == null || source.isBlank()) {
            throw new IllegalArgumentException(NO_SOURCE);
        }
        memory = requireNonNullElse(memory, "4GB");
        MemorySize.parse("memory", memory);
        if (threads != null && (threads < 1 || threads > 1024)) {
            throw new IllegalArgumentException("threads: expected 1 to 1024, found " + threads);
        }
        cache = requireNonNullElse(cache, true);
    }

    /// The same, with another source.
    ///
    /// @throws InputException where that is empty
    public DataSpec withSource(String other) {
        if (other.isBlank()) {
            throw new InputException(NO_SOURCE);
        }
        return new DataSpec(other, split, user, memory, threads, cache);
    }

    /// The same, with another column for GAUC.
    public DataSpec withUser(String other) {
        return new DataSpec(source, split, other, memory, threads, cache);
    }

    long memoryBytes() {
        return MemorySize.parse("memory", memory);
    }
}
