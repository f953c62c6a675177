package io.github.corymb.embedding;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.corymb.feature.MemorySize;
import java.nio.file.Path;

/// How the rows of one table come and go, as written under its name in `tables` of the experiment file. Without one,
/// every key gets a row, and keeps it.
///
/// Rows are given up at the end of each epoch, and every `evict_every` steps where that is given: first those that
/// have expired, then what is above the trim's rows. A key whose row is given up reads the default row again, and
/// is new to admission.
///
/// @param memory the most off-heap memory, such as `12GB`; null for any
/// @param admission which keys get a row; null for all
/// @param expiry when rows without updates go; null for never
/// @param trim how many rows stay; null for all
/// @param evictEvery steps from one time that rows are given up to the next, at least 1; null for epochs alone
/// @param initial a safetensors file of rows to begin with: `keys` [n], the ids as I64, and `vectors` [n, D] as F32;
///     they need no admission. Null for none
/// @param resetEachEpoch whether all rows begin anew with each epoch but the first, against one-epoch over-fitting of
///     rare ids, default false. Fan, Cao and others: Multi-Epoch Learning with Data Augmentation for Deep Click-Through
///     Rate Prediction, arXiv:2305.19531
/// @param hashing of a table of fixed size, whose keys share rows; null for a row a key
/// @param storage of the weights; null for `train.table_storage`
/// @param widths of rows that are narrower for rare keys; null for one width
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TableSpec(
        String memory,
        AdmissionSpec admission,
        ExpirySpec expiry,
        TrimSpec trim,
        Integer evictEvery,
        Path initial,
        Boolean resetEachEpoch,
        TableStorage storage,
        HashingSpec hashing,
        WidthsSpec widths) {

    public TableSpec {
        if (memory != null) {
            MemorySize.parse("memory", memory);
        }
        resetEachEpoch = resetEachEpoch != null && resetEachEpoch;
        requireAlone(hashing, "admission", admission);
        requireAlone(hashing, "expiry", expiry);
        requireAlone(hashing, "trim", trim);
        requireAlone(hashing, "initial", initial);
        requireAlone(hashing, "widths", widths);
        if (widths != null && initial != null) {
            throw new IllegalArgumentException(
                    "widths: expected no initial beside it, since no row begins whole; found one");
        }
        if (widths != null && memory != null) {
            throw new IllegalArgumentException("widths: expected no memory beside it, which would bound its narrow part"
                    + " alone, but train.table_memory; found one");
        }
        if (expiry != null && expiry.steps() == null && expiry.days() == null) {
            throw new IllegalArgumentException("expiry: expected steps or days, found neither");
        }
        if (evictEvery != null) {
            Knob.whole("evict_every", evictEvery, 1, 1, Integer.MAX_VALUE);
            if (expiry == null && trim == null) {
                throw new IllegalArgumentException(
                        "evict_every: expected expiry or trim beside it, found neither to say which rows go");
            }
        }
    }

    /// Of a table whose rows are all of one width.
    public TableSpec(
            String memory,
            AdmissionSpec admission,
            ExpirySpec expiry,
            TrimSpec trim,
            Integer evictEvery,
            Path initial,
            Boolean resetEachEpoch,
            TableStorage storage,
            HashingSpec hashing) {
        this(memory, admission, expiry, trim, evictEvery, initial, resetEachEpoch, storage, hashing, null);
    }

    /// What a table that the file does not name gets.
    public static TableSpec standard() {
        return new TableSpec(null, null, null, null, null, null, null, null, null);
    }

    /// Of the table that holds the further columns of this one, whose keys come and go with those here.
    TableSpec further() {
        return new TableSpec(null, null, null, null, null, null, resetEachEpoch, storage, null);
    }

    private static void requireAlone(HashingSpec hashing, String key, Object other) {
        if (hashing != null && other != null) {
            throw new IllegalArgumentException(
                    "hashing: expected no %s beside it, since its rows belong to no key; found one".formatted(key));
        }
    }

    boolean countsUpdates() {
        return widths != null || (trim != null && trim.keep() == TrimSpec.Keep.FREQUENT);
    }

    MemoryBound bound(String table) {
        return MemoryBound.of("tables." + table + ".memory", memory);
    }
}
