package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ColumnTest {

    @Test
    void integersAndBooleansAreLongs() {
        Column.Longs column =
                assertInstanceOf(Column.Longs.class, Column.ofRows(Arrays.asList(7, (byte) 1, true, false, null)));
        assertArrayEquals(new long[] {7, 1, 1, 0, 0}, column.values());
        assertArrayEquals(new boolean[] {false, false, false, false, true}, column.nulls());
    }

    @Test
    void integersAmongFractionsAreDoubles() {
        Column.Doubles column = assertInstanceOf(Column.Doubles.class, Column.ofRows(List.of(7L, 0.5f)));
        assertArrayEquals(new double[] {7, 0.5}, column.values());
        assertNull(column.nulls());
    }

    @Test
    void textsAreUtf8OneAfterAnother() {
        Column.Texts column = assertInstanceOf(Column.Texts.class, Column.ofRows(Arrays.asList("é", null, "", "日本")));
        assertArrayEquals(new int[] {0, 2, 2, 2, 8}, column.offsets());
        assertEquals("é", column.text(0));
        assertEquals("日本", column.text(3));
        assertEquals(0, column.firstValue(4));
    }

    @Test
    void listsShareOneColumnOfElements() {
        Column.Lists column = assertInstanceOf(
                Column.Lists.class,
                Column.ofRows(Arrays.asList(List.of(1, 2), null, List.of(), Arrays.asList(3, null))));
        assertArrayEquals(new int[] {0, 2, 2, 2, 4}, column.offsets());
        Column.Longs elements = assertInstanceOf(Column.Longs.class, column.elements());
        assertArrayEquals(new long[] {1, 2, 3, 0}, elements.values());
        assertArrayEquals(new boolean[] {false, false, false, true}, elements.nulls());
    }

    @Test
    void integersBeyond64BitsStayExact() {
        BigInteger large = BigInteger.ONE.shiftLeft(64);
        assertEquals("18446744073709551616", ((Column.Texts) Column.ofRow(large)).text(0));
        assertArrayEquals(new long[] {5}, ((Column.Longs) Column.ofRow(BigInteger.valueOf(5))).values());
    }

    /// What is built value by value, in arrays that grow, is what is built of the same values as objects.
    @Property(tries = 200)
    void rowByRowIsAsAllAtOnce(@ForAll("columns") List<Object> rows, @ForAll @IntRange(max = 40) int expected) {
        ColumnBuilder builder = new ColumnBuilder(expected);
        for (Object row : rows) {
            switch (row) {
                case null -> builder.addNullsTo(builder.rowCount() + 1);
                case Long value -> builder.addLong(value);
                case Double value -> builder.addDouble(value);
                case String value -> builder.addText(("[" + value + "]").toCharArray(), 1, value.length());
                case List<?> list -> {
                    ColumnBuilder elements = builder.beginList();
                    list.forEach(elements::add);
                    builder.endList();
                }
                default -> throw new AssertionError(row);
            }
        }
        Column column = builder.build();
        assertEquals(rows.size(), builder.rowCount());
        boolean fractions = rows.stream().anyMatch(Double.class::isInstance);
        for (int row = 0; row < rows.size(); row++) {
            Object expectedValue =
                    rows.get(row) instanceof Long value && fractions ? (Object) (double) value : rows.get(row);
            assertEquals(expectedValue, value(column, row));
        }
    }

    @Provide
    Arbitrary<List<Object>> columns() {
        Arbitrary<Object> texts = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars('é', '日')
                .ofMaxLength(20)
                .map(text -> text);
        Arbitrary<Object> longs = Arbitraries.longs().map(value -> value);
        Arbitrary<Object> numbers =
                Arbitraries.oneOf(longs, Arbitraries.doubles().map(value -> (Object) value));
        Arbitrary<Object> lists = longs.list().ofMaxSize(5).map(list -> list);
        return Arbitraries.of(List.of(texts, longs, numbers, lists))
                .flatMap(kind -> kind.injectNull(0.2).list().ofMaxSize(40));
    }

    private static Object value(Column column, int row) {
        return column.isNull(row)
                ? null
                : switch (column) {
                    case Column.Longs longs -> longs.values()[row];
                    case Column.Doubles doubles -> doubles.values()[row];
                    case Column.Texts texts -> texts.text(row);
                    case Column.Lists lists ->
                        IntStream.range(lists.offsets()[row], lists.offsets()[row + 1])
                                .mapToObj(at -> value(lists.elements(), at))
                                .toList();
                };
    }

    @Test
    void aRequestIsOneRow() {
        Map<String, Column> columns = Column.ofRequest(Map.of("id", 42));
        assertArrayEquals(new long[] {42}, ((Column.Longs) columns.get("id")).values());
    }

    @Test
    void otherValuesAreRefused() {
        assertEquals(
                "expected a number, a boolean, text, a list or null, found java.time.LocalDate",
                assertThrows(InputException.class, () -> Column.ofRow(LocalDate.EPOCH))
                        .getMessage());
        assertEquals(
                "expected values of one kind, found Long and String",
                assertThrows(InputException.class, () -> Column.ofRows(List.of(1, "a")))
                        .getMessage());
        assertEquals(
                "expected values of one kind, found Double and List",
                assertThrows(InputException.class, () -> Column.ofRows(List.of(1, 0.5, List.of())))
                        .getMessage());
    }
}
