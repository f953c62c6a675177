package io.github.corymb.data;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Field;
import java.util.ArrayList;
import java.util.List;

/// What a cached row consists of. All of fixed size stands together, since rows are read in random order and a row
/// should come with few lines of the processor's cache:
///
///     [S] keys      8 bytes each, of the fields that have exactly one key a row
///     user          8 bytes
///     [N] numbers   4 bytes each
///     [K, 2]        4 bytes each, label and weight of a task
///
/// The keys of the other fields are lists and stand elsewhere.
///
/// @param singles the S fields with exactly one key a row, ascending
/// @param lists the other fields, ascending
/// @param numericWidth N
/// @param taskCount K
record CachedRow(List<Integer> singles, List<Integer> lists, int numericWidth, int taskCount) {

    private static final int CHUNK_SHIFT_LIMIT = 14;
    private static final int CHUNK_SIZE_LIMIT = 1 << 26;

    static CachedRow of(FeatureSchema schema, int taskCount) {
        List<Integer> singles = new ArrayList<>();
        List<Integer> lists = new ArrayList<>();
        List<Field> fields = schema.fields();
        for (int field = 0; field < fields.size(); field++) {
            Feature feature = schema.features().get(fields.get(field).name());
            boolean isList = feature instanceof Feature.Bag || feature instanceof Feature.Sequence;
            (isList ? lists : singles).add(field);
        }
        return new CachedRow(List.copyOf(singles), List.copyOf(lists), schema.numericWidth(), taskCount);
    }

    /// Where the user's key stands in a row.
    int userAt() {
        return singles.size() * Long.BYTES;
    }

    /// Where the numbers begin.
    int numericAt() {
        return userAt() + Long.BYTES;
    }

    /// Where labels and weights begin.
    int labelsAt() {
        return numericAt() + numericWidth * Float.BYTES;
    }

    /// Bytes from one row to the next.
    int stride() {
        return (int) CacheMemory.aligned(labelsAt() + 2L * taskCount * Float.BYTES);
    }

    /// The binary logarithm of how many rows a chunk has, but for the last: 14, or less where they would take more than
    /// 64 MB.
    int chunkShift() {
        int rowLimit = Integer.highestOneBit(Math.max(1, CHUNK_SIZE_LIMIT / stride()));
        return Math.min(CHUNK_SHIFT_LIMIT, Integer.numberOfTrailingZeros(rowLimit));
    }

    int chunkRows() {
        return 1 << chunkShift();
    }
}
