package io.github.corymb.feature;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Makes a column of plain values; see [Column#ofRows(List)].
final class ColumnBuilder {

    private static final BigInteger LONG_MINIMUM = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAXIMUM = BigInteger.valueOf(Long.MAX_VALUE);

    private final List<Object> rows; // Long, Double, String, List or null
    private Class<?> kind; // of the rows so far; null while all are null

    ColumnBuilder(int rowCountExpected) {
        rows = new ArrayList<>(rowCountExpected);
    }

    ColumnBuilder add(Object value) {
        Object plain = plain(value);
        if (plain != null) {
            kind = kind == null ? kindOf(plain) : join(kind, kindOf(plain));
        }
        rows.add(plain);
        return this;
    }

    Column build() {
        boolean[] nulls = null;
        for (int row = 0; row < rows.size(); row++) {
            if (rows.get(row) == null) {
                nulls = nulls == null ? new boolean[rows.size()] : nulls;
                nulls[row] = true;
            }
        }
        if (kind == String.class) {
            return texts(nulls);
        } else if (kind == List.class) {
            return lists(nulls);
        } else if (kind == Double.class) {
            double[] values = new double[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row) instanceof Number number ? number.doubleValue() : 0;
            }
            return new Column.Doubles(values, nulls);
        }
        long[] values = new long[rows.size()];
        for (int row = 0; row < values.length; row++) {
            values[row] = rows.get(row) instanceof Number number ? number.longValue() : 0;
        }
        return new Column.Longs(values, nulls);
    }

    private Column texts(boolean[] nulls) {
        byte[][] texts = new byte[rows.size()][];
        int[] offsets = new int[rows.size() + 1];
        for (int row = 0; row < texts.length; row++) {
            texts[row] = rows.get(row) instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
            offsets[row + 1] = Math.addExact(offsets[row], texts[row].length);
        }
        byte[] utf8 = new byte[offsets[texts.length]];
        for (int row = 0; row < texts.length; row++) {
            System.arraycopy(texts[row], 0, utf8, offsets[row], texts[row].length);
        }
        return new Column.Texts(utf8, offsets, nulls);
    }

    private Column lists(boolean[] nulls) {
        int[] offsets = new int[rows.size() + 1];
        ColumnBuilder elements = new ColumnBuilder(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            if (rows.get(row) instanceof List<?> list) {
                list.forEach(elements::add);
            }
            offsets[row + 1] = elements.rows.size();
        }
        return new Column.Lists(offsets, elements.build(), nulls);
    }

    private static Object plain(Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean bool -> bool ? 1L : 0L;
            case Long integer -> integer;
            case Integer integer -> integer.longValue();
            case Short integer -> integer.longValue();
            case Byte integer -> integer.longValue();
            case BigInteger integer -> plainInteger(integer);
            case Number number -> number.doubleValue();
            case List<?> list -> list;
            default ->
                throw new InputException("expected a number, a boolean, text, a list or null, found "
                        + value.getClass().getName());
        };
    }

    /// Beyond 64 bits an integer is an id, and stays exact as text.
    private static Object plainInteger(BigInteger integer) {
        boolean fits = integer.compareTo(LONG_MINIMUM) >= 0 && integer.compareTo(LONG_MAXIMUM) <= 0;
        return fits ? integer.longValueExact() : integer.toString();
    }

    private static Class<?> kindOf(Object plain) {
        return plain instanceof List<?> ? List.class : plain.getClass();
    }

    private static Class<?> join(Class<?> one, Class<?> other) {
        if (one == other) {
            return one;
        }
        if (Number.class.isAssignableFrom(one) && Number.class.isAssignableFrom(other)) {
            return Double.class;
        }
        throw new InputException(
                "expected values of one kind, found " + one.getSimpleName() + " and " + other.getSimpleName());
    }
}
