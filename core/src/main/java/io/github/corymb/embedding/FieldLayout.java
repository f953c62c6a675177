package io.github.corymb.embedding;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which columns and which table each field has.
///
/// @param places F, in the order of the batch
/// @param tables name and dimension of each table, in order of their first field
/// @param width ΣD
record FieldLayout(List<Place> places, List<TableShape> tables, int width) {

    /// A field, the place of its table among all tables, and its first column.
    record Place(Field field, int table, int column) {

        long columnOffset() {
            return 4L * column;
        }

        /// Refuses a buffer of this field alone that cannot take [B, D].
        void check(FloatBuffer buffer, int rowCount) {
            FieldLayout.check(buffer, (long) rowCount * field.dimension());
        }
    }

    /// Name and row width of a table.
    record TableShape(String name, int dimension) {}

    static FieldLayout of(List<Field> fields) {
        Map<String, Integer> placeOf = new HashMap<>();
        List<TableShape> tables = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        int width = 0;
        for (Field field : fields) {
            Integer known = placeOf.putIfAbsent(field.table(), tables.size());
            int table = known == null ? tables.size() : known;
            if (known == null) {
                tables.add(new TableShape(field.table(), field.dimension()));
            }
            int dimension = tables.get(table).dimension();
            if (dimension != field.dimension()) {
                throw new IllegalArgumentException("feature '%s': expected dimension %d, as table '%s' has, found %d"
                        .formatted(field.name(), dimension, field.table(), field.dimension()));
            }
            places.add(new Place(field, table, width));
            width = Math.addExact(width, dimension);
        }
        return new FieldLayout(List.copyOf(places), List.copyOf(tables), width);
    }

    /// Bytes from one row of the leaf to the next.
    long rowSize() {
        return 4L * width;
    }

    int dimensionLimit() {
        return tables.stream().mapToInt(TableShape::dimension).max().orElse(0);
    }

    /// The first [B, ΣD] floats of `buffer` after its position.
    MemorySegment segment(FloatBuffer buffer, int rowCount) {
        check(buffer, (long) rowCount * width);
        return MemorySegment.ofBuffer(buffer); // [B, ΣD]
    }

    private static void check(FloatBuffer buffer, long needed) {
        if (!buffer.isDirect() || buffer.order() != ByteOrder.nativeOrder() || buffer.remaining() < needed) {
            throw new IllegalArgumentException(
                    "expected a direct buffer of native byte order with %d floats, found %s of %s"
                            .formatted(needed, buffer, buffer.order()));
        }
    }

    void check(Batch batch) {
        if (batch.fields().size() != places.size()) {
            throw new IllegalArgumentException("expected a batch of %d fields, found %d"
                    .formatted(places.size(), batch.fields().size()));
        }
        for (int f = 0; f < places.size(); f++) {
            int rowCount = batch.fields().get(f).rowCount();
            if (rowCount != batch.rowCount()) {
                throw new IllegalArgumentException("feature '%s': expected %d rows, found %d"
                        .formatted(places.get(f).field().name(), batch.rowCount(), rowCount));
            }
        }
    }
}
