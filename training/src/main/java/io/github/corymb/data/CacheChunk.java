package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.github.corymb.feature.KeyLists;
import java.lang.foreign.MemorySegment;

/// Encoded rows, column after column in one piece of memory that [CacheMemory] owns.
///
/// @param memory where they are
/// @param rowCount how many
/// @param keysAt where the keys of each field begin, 8 bytes each
/// @param usersAt where the users' keys begin, 8 bytes each
/// @param offsetsAt where each field's row starts begin, 4 bytes each and one more than rows; [#SINGLE] where every row
///     has exactly one key
/// @param numericAt where the [rows, N] numbers begin, 4 bytes each
/// @param labelsAt where labels and weights begin: [K, 2, rows] of 4 bytes
@JsonIgnoreProperties("memory")
@SuppressWarnings("ArrayRecordComponent") // places in memory, never compared
record CacheChunk(
        MemorySegment memory,
        int rowCount,
        long[] keysAt,
        long usersAt,
        long[] offsetsAt,
        long numericAt,
        long labelsAt) {

    static final long SINGLE = -1;

    CacheChunk in(MemorySegment segment) {
        return new CacheChunk(segment, rowCount, keysAt, usersAt, offsetsAt, numericAt, labelsAt);
    }

    /// How many bytes of the memory it takes.
    long byteCount(RowLayout layout) {
        return labelsAt + 2L * layout.taskCount() * rowCount * Float.BYTES;
    }

    /// Where line `line` of labels and weights begins: 2 k for the labels of task k, 2 k + 1 for its weights.
    long labelAt(int line) {
        return labelsAt + (long) line * rowCount * Float.BYTES;
    }

    /// Adds the keys of a field and row.
    void addKeys(int field, int row, KeyLists into) {
        long keys = keysAt[field];
        if (offsetsAt[field] == SINGLE) {
            int at = into.addRow(1);
            into.keys()[at] = memory.get(JAVA_LONG, keys + (long) row * Long.BYTES);
            return;
        }
        long offset = offsetsAt[field] + (long) row * Integer.BYTES;
        int first = memory.get(JAVA_INT, offset);
        int count = memory.get(JAVA_INT, offset + Integer.BYTES) - first;
        int at = into.addRow(count);
        MemorySegment.copy(memory, JAVA_LONG, keys + (long) first * Long.BYTES, into.keys(), at, count);
    }

    /// Copies the numbers of a row.
    void copyNumeric(int row, int width, float[] into, int at) {
        MemorySegment.copy(memory, JAVA_FLOAT, numericAt + (long) row * width * Float.BYTES, into, at, width);
    }

    /// A label or weight, see [#labelAt(int)].
    float label(int line, int row) {
        return memory.get(JAVA_FLOAT, labelAt(line) + (long) row * Float.BYTES);
    }

    long user(int row) {
        return memory.get(JAVA_LONG, usersAt + (long) row * Long.BYTES);
    }
}
