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
import java.util.function.ToIntFunction;

/// Which columns and which table each field has. A field whose table has rows of two widths, as [WidthsSpec] says, has
/// two places, one behind the other: of its first columns and of its further ones. To all but the layout these are two
/// fields with the same keys.
///
/// @param places F, in the order of the batch
/// @param tables name and dimension of each table, in order of their first field; one that holds the further columns of
///     another stands right behind it
/// @param width ΣD
record FieldLayout(List<Place> places, List<TableShape> tables, int width) {

    /// A field, the place of its table among all tables, its first column, and its place in the batch.
    record Place(Field field, int table, int column, int source) {

        long columnOffset() {
            return 4L * column;
        }
    }

    /// The columns of a field, of all its places.
    record Columns(int first, int count) {

        /// Refuses a buffer of this field alone that cannot take [B, D].
        void check(FloatBuffer buffer, int rowCount) {
            FieldLayout.check(buffer, (long) rowCount * count);
        }
    }

    /// In the order of the batch's fields.
    List<Columns> columnsOfFields() {
        List<Columns> columns = new ArrayList<>();
        for (Place place : places) {
            int dimension = place.field().dimension();
            if (place.source() == columns.size()) {
                columns.add(new Columns(place.column(), dimension));
            } else {
                Columns known = columns.removeLast();
                columns.add(new Columns(known.first(), known.count() + dimension));
            }
        }
        return columns;
    }

    /// Name and row width of a table.
    ///
    /// @param isFurther whether it holds the further columns of the table before
    record TableShape(String name, int dimension, boolean isFurther) {}

    /// Of tables whose rows have one width.
    static FieldLayout of(List<Field> fields) {
        return of(fields, _ -> 0);
    }

    /// Of tables as wide as their specs say.
    static FieldLayout of(List<Field> fields, TableSpecs specs) {
        return of(fields, field -> specs.narrow(field.table()));
    }

    /// @param narrow the first columns of a field whose table has rows of two widths, 0 for others
    static FieldLayout of(List<Field> fields, ToIntFunction<Field> narrow) {
        Map<String, Integer> placeOf = new HashMap<>();
        List<TableShape> tables = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        int width = 0;
        for (int f = 0; f < fields.size(); f++) {
            List<Field> parts = parts(fields.get(f), narrow.applyAsInt(fields.get(f)));
            for (Field part : parts) {
                boolean isFurther = !part.table().equals(fields.get(f).table());
                Integer known = placeOf.putIfAbsent(part.table(), tables.size());
                int table = known == null ? tables.size() : known;
                if (known == null) {
                    tables.add(new TableShape(part.table(), part.dimension(), isFurther));
                }
                TableShape shape = tables.get(table);
                if (shape.dimension() != part.dimension() || shape.isFurther() != isFurther) {
                    int offset = isFurther ? parts.getFirst().dimension() : 0;
                    throw new IllegalArgumentException(
                            "feature '%s': expected dimension %d, as table '%s' has, found %d"
                                    .formatted(
                                            part.name(),
                                            offset + shape.dimension(),
                                            fields.get(f).table(),
                                            fields.get(f).dimension()));
                }
                places.add(new Place(part, table, width, f));
                width = Math.addExact(width, part.dimension());
            }
        }
        return new FieldLayout(List.copyOf(places), List.copyOf(tables), width);
    }

    private static List<Field> parts(Field field, int narrow) {
        if (narrow == 0) {
            return List.of(field);
        }
        int further = field.dimension() - narrow;
        if (further < 1) {
            throw new IllegalArgumentException(
                    "feature '%s': expected more than the %d narrow columns of table '%s', found %d"
                            .formatted(field.name(), narrow, field.table(), field.dimension()));
        }
        return List.of(
                new Field(field.name(), field.table(), narrow, field.pooling(), field.side()),
                new Field(field.name(), WidthsSpec.further(field.table()), further, field.pooling(), field.side()));
    }

    /// Bytes from one row of the leaf to the next.
    long rowSize() {
        return 4L * width;
    }

    /// Tells the tables of further columns whose they are.
    void extend(List<EmbeddingTable> made) {
        for (int t = 0; t < made.size(); t++) {
            if (tables.get(t).isFurther()) {
                made.get(t).extend(made.get(t - 1));
            }
        }
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
        int fieldCount = places.isEmpty() ? 0 : places.getLast().source() + 1;
        if (batch.fields().size() != fieldCount) {
            throw new IllegalArgumentException("expected a batch of %d fields, found %d"
                    .formatted(fieldCount, batch.fields().size()));
        }
        for (Place place : places) {
            int rowCount = batch.fields().get(place.source()).rowCount();
            if (rowCount != batch.rowCount()) {
                throw new IllegalArgumentException("feature '%s': expected %d rows, found %d"
                        .formatted(place.field().name(), batch.rowCount(), rowCount));
            }
        }
    }
}
