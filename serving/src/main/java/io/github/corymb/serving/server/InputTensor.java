package io.github.corymb.serving.server;

import io.github.corymb.feature.Column;
import io.github.corymb.feature.InputException;
import java.util.Arrays;

/// A tensor that a request gives: the values of a column, one a row, [N], or a list of L a row, [N, L].
///
/// @param shape [N] or [N, L]
/// @param values all of them in row-major order
@SuppressWarnings("ArrayRecordComponent") // never compared
record InputTensor(String name, int[] shape, Column values) {

    /// How many values a tensor of a shape has.
    ///
    /// @param rowLimit rows beyond which it is refused
    /// @throws InputException for another number of dimensions, or too many rows
    static int count(long[] shape, int rowLimit, String place) {
        if (shape.length < 1 || shape.length > 2) {
            throw new InputException(
                    "input %s: expected a shape [N] or [N, L], found %s".formatted(place, Arrays.toString(shape)));
        }
        if (shape[0] < 0 || shape[0] > rowLimit) {
            throw new InputException(
                    "input %s: expected a shape of 0 to %d rows, found %d".formatted(place, rowLimit, shape[0]));
        }
        if (shape.length == 2 && (shape[1] < 0 || shape[1] > JsonReader.LIST_LIMIT)) {
            throw new InputException("input %s: expected a shape of 0 to %d values a row, found %d"
                    .formatted(place, JsonReader.LIST_LIMIT, shape[1]));
        }
        long count = shape.length == 1 ? shape[0] : shape[0] * shape[1];
        if (count > Integer.MAX_VALUE) {
            throw new InputException("input %s: expected a shape of fewer values, found %d".formatted(place, count));
        }
        return (int) count;
    }

    /// @param missing the value that means NULL, beside NaN; or null
    static InputTensor of(String name, long[] shape, Column values, Object missing) {
        int[] dimensions = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
        int count = Arrays.stream(dimensions).reduce(1, (a, b) -> a * b);
        return new InputTensor(name, dimensions, withNulls(values, count, missing));
    }

    int rowCount() {
        return shape[0];
    }

    /// As the encoders take it. A tensor [N, 1] is one value a row where the model expects that.
    Column column(ModelTensor input) {
        if (shape.length == 1 || (shape[1] == 1 && input.width() == 0)) {
            return values;
        }
        int[] offsets = new int[rowCount() + 1];
        Arrays.setAll(offsets, row -> row * shape[1]);
        return new Column.Lists(offsets, values, null);
    }

    private static Column withNulls(Column values, int count, Object missing) {
        boolean[] nulls = values.nulls() == null ? new boolean[count] : values.nulls();
        for (int i = 0; i < count; i++) {
            nulls[i] |= switch (values) {
                case Column.Longs longs -> missing instanceof Number number && longs.values()[i] == number.longValue();
                case Column.Doubles doubles -> isMissing(doubles.values()[i], missing);
                case Column.Texts texts ->
                    missing instanceof String text && texts.text(i).equals(text);
                case Column.Lists _ -> false;
            };
        }
        return switch (values) {
            case Column.Longs longs -> new Column.Longs(longs.values(), nulls);
            case Column.Doubles doubles -> new Column.Doubles(doubles.values(), nulls);
            case Column.Texts texts -> new Column.Texts(texts.utf8(), texts.offsets(), nulls);
            case Column.Lists lists -> lists;
        };
    }

    private static boolean isMissing(double value, Object missing) {
        return Double.isNaN(value) || (missing instanceof Number number && value == number.doubleValue());
    }
}
