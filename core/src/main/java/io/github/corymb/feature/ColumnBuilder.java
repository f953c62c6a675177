package io.github.corymb.feature;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Makes a column of plain values, row after row, without an object a value; see [Column#ofRows(List)]. Memory is taken
/// as rows come. One thread.
public final class ColumnBuilder {

    private static final BigInteger LONG_MINIMUM = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAXIMUM = BigInteger.valueOf(Long.MAX_VALUE);
    private static final int BYTES_A_TEXT = 8; // at first

    /// What the values so far are, as messages name it.
    private enum Kind {
        NULL("null"),
        LONG("Long"),
        DOUBLE("Double"),
        TEXT("String"),
        LIST("List");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private Kind kind = Kind.NULL; // while all are null
    private int rowCount;
    private int capacity; // rows
    private boolean[] nulls; // none while null
    private long[] longs;
    private double[] doubles;
    private byte[] utf8;
    private int[] offsets; // of texts and lists: [capacity + 1]
    private ColumnBuilder elements;

    /// @param rowCountExpected to take memory for at the first value; more may follow
    public ColumnBuilder(int rowCountExpected) {
        capacity = Math.max(1, rowCountExpected);
    }

    public int rowCount() {
        return rowCount;
    }

    /// A value as [Column#ofRows(List)] takes it.
    ///
    /// @throws InputException for a value of another class, or of another kind than those before
    public ColumnBuilder add(Object value) {
        return switch (value) {
            case null -> addNull();
            case String text -> addText(text);
            case Boolean bool -> addLong(bool ? 1 : 0);
            case Long integer -> addLong(integer);
            case Integer integer -> addLong(integer);
            case Short integer -> addLong(integer);
            case Byte integer -> addLong(integer);
            case BigInteger integer -> addInteger(integer);
            case Number number -> addDouble(number.doubleValue());
            case List<?> list -> addList(list);
            default ->
                throw new InputException("expected a number, a boolean, text, a list or null, found "
                        + value.getClass().getName());
        };
    }

    public ColumnBuilder addNull() {
        int row = next();
        if (nulls == null) {
            nulls = new boolean[capacity];
        }
        nulls[row] = true;
        endRow(row);
        return this;
    }

    /// NULL in all rows until there are as many.
    public ColumnBuilder addNullsTo(int count) {
        while (rowCount < count) {
            addNull();
        }
        return this;
    }

    public ColumnBuilder addLong(long value) {
        if (kind == Kind.DOUBLE) {
            return addDouble((double) value);
        }
        become(Kind.LONG);
        int row = next(); // may replace the array
        longs[row] = value;
        return this;
    }

    public ColumnBuilder addDouble(double value) {
        become(Kind.DOUBLE);
        int row = next(); // may replace the array
        doubles[row] = value;
        return this;
    }

    /// Beyond 64 bits an integer is an id, and stays exact as text.
    public ColumnBuilder addInteger(BigInteger value) {
        boolean fits = value.compareTo(LONG_MINIMUM) >= 0 && value.compareTo(LONG_MAXIMUM) <= 0;
        return fits ? addLong(value.longValueExact()) : addText(value.toString());
    }

    public ColumnBuilder addText(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        become(Kind.TEXT);
        int row = next();
        reserve(row, bytes.length);
        System.arraycopy(bytes, 0, utf8, offsets[row], bytes.length);
        offsets[row + 1] = offsets[row] + bytes.length;
        return this;
    }

    /// A text of `length` characters from `from` on.
    public ColumnBuilder addText(char[] characters, int from, int length) {
        become(Kind.TEXT);
        int row = next();
        reserve(row, length);
        int start = offsets[row];
        for (int at = 0; at < length; at++) {
            char character = characters[from + at];
            if (character >= 0x80) { // not ASCII: rare in ids and categories
                byte[] bytes = new String(characters, from, length).getBytes(StandardCharsets.UTF_8);
                reserve(row, bytes.length);
                System.arraycopy(bytes, 0, utf8, start, bytes.length);
                offsets[row + 1] = start + bytes.length;
                return this;
            }
            utf8[start + at] = (byte) character;
        }
        offsets[row + 1] = start + length;
        return this;
    }

    private ColumnBuilder addList(List<?> list) {
        ColumnBuilder into = beginList();
        list.forEach(into::add);
        endList();
        return this;
    }

    /// Begins a list, whose elements are added to the builder that is returned, until [#endList()].
    public ColumnBuilder beginList() {
        become(Kind.LIST);
        return elements;
    }

    public ColumnBuilder endList() {
        endRow(next());
        return this;
    }

    /// The column of all rows; nothing is added afterwards.
    public Column build() {
        boolean[] marks = nulls == null ? null : Arrays.copyOf(nulls, rowCount);
        return switch (kind) {
            case NULL -> new Column.Longs(new long[rowCount], marks);
            case LONG -> new Column.Longs(trimmed(longs), marks);
            case DOUBLE -> new Column.Doubles(trimmed(doubles), marks);
            case TEXT -> new Column.Texts(Arrays.copyOf(utf8, offsets[rowCount]), ends(), marks);
            case LIST -> new Column.Lists(ends(), elements.build(), marks);
        };
    }

    private long[] trimmed(long[] values) {
        return values.length == rowCount ? values : Arrays.copyOf(values, rowCount);
    }

    private double[] trimmed(double[] values) {
        return values.length == rowCount ? values : Arrays.copyOf(values, rowCount);
    }

    private int[] ends() {
        return offsets.length == rowCount + 1 ? offsets : Arrays.copyOf(offsets, rowCount + 1);
    }

    /// The row that a value goes to.
    private int next() {
        if (rowCount == capacity) {
            capacity = Math.multiplyExact(2, capacity);
            nulls = nulls == null ? null : Arrays.copyOf(nulls, capacity);
            longs = longs == null ? null : Arrays.copyOf(longs, capacity);
            doubles = doubles == null ? null : Arrays.copyOf(doubles, capacity);
            offsets = offsets == null ? null : Arrays.copyOf(offsets, capacity + 1);
        }
        return rowCount++;
    }

    /// Where a row of texts or lists ends.
    private void endRow(int row) {
        if (offsets != null) {
            offsets[row + 1] = kind == Kind.LIST ? elements.rowCount : offsets[row];
        }
    }

    private void reserve(int row, int size) {
        int needed = Math.addExact(offsets[row], size);
        if (needed > utf8.length) {
            utf8 = Arrays.copyOf(utf8, Math.max(needed, Math.multiplyExact(2, utf8.length)));
        }
    }

    private void become(Kind wanted) {
        if (kind == wanted) {
            return;
        }
        if (kind == Kind.LONG && wanted == Kind.DOUBLE) {
            doubles = new double[capacity];
            for (int row = 0; row < rowCount; row++) {
                doubles[row] = (double) longs[row];
            }
            longs = null;
        } else if (kind != Kind.NULL) {
            throw new InputException("expected values of one kind, found %s and %s".formatted(kind.word, wanted.word));
        } else if (wanted == Kind.LONG) {
            longs = new long[capacity];
        } else if (wanted == Kind.DOUBLE) {
            doubles = new double[capacity];
        } else {
            offsets = new int[capacity + 1];
            utf8 = wanted == Kind.TEXT ? new byte[capacity * BYTES_A_TEXT] : null;
            elements = wanted == Kind.LIST ? new ColumnBuilder(capacity) : null;
        }
        kind = wanted;
    }
}
