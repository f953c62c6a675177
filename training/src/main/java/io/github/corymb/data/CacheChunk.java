package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.github.corymb.feature.KeyLists;
import java.lang.foreign.MemorySegment;

/// Encoded rows in one piece of memory that [CacheMemory] owns: first the rows one after the other, as [CachedRow] has
/// them, then the lists of keys, field after field.
///
/// @param memory where they are
/// @param rowCount how many
/// @param offsetsAt where the row starts of each list field begin, 4 bytes each and one more than rows
/// @param keysAt where the keys of each list field begin, 8 bytes each
/// @param byteCount how much of the memory is used
@JsonIgnoreProperties("memory")
@SuppressWarnings("ArrayRecordComponent") // places in memory, never compared
record CacheChunk(MemorySegment memory, int rowCount, long[] offsetsAt, long[] keysAt, long byteCount) {

    CacheChunk in(MemorySegment segment) {
        return new CacheChunk(segment, rowCount, offsetsAt, keysAt, byteCount);
    }

    /// Adds the keys of a list field and row.
    void addKeys(int list, int row, KeyLists into) {
        long offset = offsetsAt[list] + (long) row * Integer.BYTES;
        int first = memory.get(JAVA_INT, offset);
        int count = memory.get(JAVA_INT, offset + Integer.BYTES) - first;
        int at = into.addRow(count);
        MemorySegment.copy(memory, JAVA_LONG, keysAt[list] + (long) first * Long.BYTES, into.keys(), at, count);
    }
}
