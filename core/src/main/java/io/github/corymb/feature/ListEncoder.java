package io.github.corymb.feature;

import java.util.Arrays;

/// Encodes a [Feature.Bag] or a [Feature.Sequence]: any number of keys a row. Entries without a value are left out, as
/// are empty ones of a text, so that a text and the list of its entries give the same keys.
///
/// @param separator UTF-8 of what stands between the entries of a text, or null where only lists are expected
/// @param limit how many keys of a row count
/// @param keepsLast whether those are the last ones, else the first
/// @param field which of the batch's fields it fills
@SuppressWarnings("ArrayRecordComponent") // never compared
record ListEncoder(KeyReader reader, byte[] separator, int limit, boolean keepsLast, int field)
        implements ColumnEncoder {

    @Override
    public void encode(Column column, int rowCount, Place place, Batch into) {
        KeyLists keyLists = into.fields().get(field);
        switch (column) {
            case Column.Lists lists -> encodeLists(lists, rowCount, place, keyLists);
            case Column.Texts texts when separator != null -> encodeTexts(texts, rowCount, keyLists);
            case Column.Longs _, Column.Doubles _ when separator != null -> encodeValues(column, rowCount, keyLists);
            case Column.Longs _, Column.Doubles _, Column.Texts _ -> {
                if (!column.isEmpty(rowCount)) {
                    throw place.wrongKind("a list, or text and a separator", column, rowCount);
                }
                encodeValues(column, rowCount, keyLists);
            }
        }
    }

    private void encodeLists(Column.Lists lists, int rowCount, Place place, KeyLists into) {
        int[] offsets = lists.offsets();
        int start = offsets[0];
        int end = offsets[rowCount];
        if (lists.elements() instanceof Column.Lists && end > start) {
            throw place.wrongKind("a list of single values", lists, rowCount);
        }
        long[] keys = end > start ? reader.read(lists.elements(), start, end) : new long[0];
        for (int row = 0; row < rowCount; row++) {
            if (lists.isNull(row)) {
                into.addRow(0);
            } else {
                addRow(keys, offsets[row] - start, offsets[row + 1] - start, into);
            }
        }
    }

    /// A text that looks like a number is read as one where no row has a second entry.
    private void encodeValues(Column column, int rowCount, KeyLists into) {
        long[] keys = reader.read(column, 0, rowCount);
        for (int row = 0; row < rowCount; row++) {
            addRow(keys, row, row + 1, into);
        }
    }

    private void encodeTexts(Column.Texts texts, int rowCount, KeyLists into) {
        int[] offsets = texts.offsets();
        int longest = 0;
        for (int row = 0; row < rowCount; row++) {
            longest = Math.max(longest, offsets[row + 1] - offsets[row]);
        }
        long[] keys = new long[longest]; // an entry has at least one byte
        for (int row = 0; row < rowCount; row++) {
            int count = texts.isNull(row) ? 0 : split(texts.utf8(), offsets[row], offsets[row + 1], separator, keys);
            reader.freeze(keys, count);
            addRow(keys, 0, count, into);
        }
    }

    /// Writes the keys of the entries of one text, and returns how many there are.
    private static int split(byte[] utf8, int from, int to, byte[] separator, long[] into) {
        int count = 0;
        int start = from;
        int at = from;
        while (at < to) {
            int next = at + separator.length;
            if (utf8[at] == separator[0]
                    && next <= to
                    && Arrays.equals(utf8, at, next, separator, 0, separator.length)) {
                if (at > start) {
                    into[count++] = Keys.ofText(utf8, start, at);
                }
                start = next;
                at = next;
            } else {
                at++;
            }
        }
        if (to > start) {
            into[count++] = Keys.ofText(utf8, start, to);
        }
        return count;
    }

    private void addRow(long[] keys, int from, int to, KeyLists into) {
        int start = keepsLast ? startOfLast(keys, from, to, limit) : from;
        int count = 0;
        for (int at = start; at < to && count < limit; at++) {
            if (keys[at] != Keys.NONE) {
                into.add(keys[at], count++);
            }
        }
        into.endRow(count);
    }

    /// Where the last `limit` keys between `from` and `to` begin.
    private static int startOfLast(long[] keys, int from, int to, int limit) {
        int count = 0;
        int start = to;
        while (start > from && count < limit) {
            start--;
            count += keys[start] == Keys.NONE ? 0 : 1;
        }
        return start;
    }
}
