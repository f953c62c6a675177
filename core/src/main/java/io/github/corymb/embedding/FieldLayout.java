package io.github.corymb.embedding;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which columns and which table each field has.
///
/// @param fields F, in order
/// @param tableOf [F] the table's place among all tables, which stand in order of their first field
/// @param columnOf [F] the field's first column
/// @param tables name and dimension of each table
/// @param width ΣD
record FieldLayout(List<Field> fields, int[] tableOf, int[] columnOf, List<TableShape> tables, int width) {

    /// Name and row width of a table.
    record TableShape(String name, int dimension) {}

    static FieldLayout of(List<Field> fields) {
        Map<String, Integer> placeOf = new LinkedHashMap<>();
        List<TableShape> tables = new ArrayList<>();
        int[] tableOf = new int[fields.size()];
        int[] columnOf = new int[fields.size()];
        int width = 0;
        for (int f = 0; f < fields.size(); f++) {
            Field field = fields.get(f);
            Integer known = placeOf.putIfAbsent(field.table(), tables.size());
            tableOf[f] = known == null ? tables.size() : known;
            if (known == null) {
                tables.add(new TableShape(field.table(), field.dimension()));
            } else if (tables.get(known).dimension() != field.dimension()) {
                throw new IllegalArgumentException("feature '%s': expected dimension %d, as table '%s' has, found %d"
                        .formatted(
                                field.name(), tables.get(known).dimension(), field.table(), field.dimension()));
            }
            columnOf[f] = width;
            width = Math.addExact(width, field.dimension());
        }
        return new FieldLayout(List.copyOf(fields), tableOf, columnOf, List.copyOf(tables), width);
    }

    /// Bytes from one row of the leaf to the next.
    long rowSize() {
        return 4L * width;
    }

    /// The first [B, ΣD] floats of `buffer` after its position.
    MemorySegment segment(FloatBuffer buffer, int rowCount) {
        long needed = (long) rowCount * width;
        if (!buffer.isDirect() || buffer.order() != ByteOrder.nativeOrder() || buffer.remaining() < needed) {
            throw new IllegalArgumentException(
                    "expected a direct buffer of native byte order with %d floats, found %s of %s"
                            .formatted(needed, buffer, buffer.order()));
        }
        return MemorySegment.ofBuffer(buffer); // [B, ΣD]
    }

    void check(Batch batch) {
        if (batch.fields().size() != fields.size()) {
            throw new IllegalArgumentException(
                    "expected a batch of %d fields, found %d".formatted(fields.size(), batch.fields().size()));
        }
        for (int f = 0; f < fields.size(); f++) {
            int rowCount = batch.fields().get(f).rowCount();
            if (rowCount != batch.rowCount()) {
                throw new IllegalArgumentException("feature '%s': expected %d rows, found %d"
                        .formatted(fields.get(f).name(), batch.rowCount(), rowCount));
            }
        }
    }
}
