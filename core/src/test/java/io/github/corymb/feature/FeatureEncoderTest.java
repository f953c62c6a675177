package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FeatureEncoderTest {

    private static final FeatureStatistics STATISTICS =
            new FeatureStatistics(10, 0, 3.0, 2.0, -1.0, 7.0, List.of(0.0, 5.0));

    @Test
    void aCategoryIsOneKeyAndNullHasItsOwn() {
        assertEquals(
                List.of(keys(42), keys(42), List.of(Keys.MISSING)),
                encodeKeys(categorical(null), Arrays.asList("42", "42", null)));
        assertEquals(
                List.of(keys(42), List.of(Keys.ofText("1.5")), List.of(Keys.MISSING)),
                encodeKeys(categorical(null), List.of(42.0, 1.5, Double.NaN)));
        assertEquals(List.of(keys(1), keys(0)), encodeKeys(categorical(null), List.of(true, false)));
    }

    @Test
    void valuesOutsideAVocabularyShareAKey() {
        assertEquals(
                List.of(List.of(Keys.ofText("a")), List.of(Keys.UNKNOWN), List.of(Keys.MISSING)),
                encodeKeys(categorical(List.of("b", "a")), Arrays.asList("a", "c", null)));
        assertEquals(List.of(keys(7), List.of(Keys.UNKNOWN)), encodeKeys(categorical(List.of("7")), List.of(7, 8)));
    }

    @Test
    void aVocabularyHoldsForAllFeaturesOfItsTable() {
        FeatureSchema schema = new FeatureSchema(Map.of(
                "x", new Feature.Bag(null, null, null, "tag", 8, null, "|", null),
                "tag", new Feature.Categorical(null, null, null, null, 8, List.of("a"))));
        Batch batch = schema.batch();
        new FeatureEncoder(schema).encode(Map.of("x", Column.ofRow("b|a"), "tag", Column.ofRow("a")), 1, batch);
        int bag = schema.fields().get(0).name().equals("x") ? 0 : 1;
        assertEquals(
                List.of(List.of(Keys.UNKNOWN, Keys.ofText("a"))),
                keys(batch.fields().get(bag)));
    }

    @Test
    void aTextIsCutAtItsSeparator() {
        assertEquals(
                List.of(texts("a", "bc"), texts("a"), texts(), texts(), keys(1, 2), texts("é")),
                encodeKeys(bag("|", 9), Arrays.asList("a|bc", "|a||", "", null, "1|2", "é")));
        assertEquals(
                List.of(texts("a", "b", "c"), texts(",")), encodeKeys(bag(", ", 9), Arrays.asList("a, b, , c", ",")));
    }

    @Test
    void aTextAndItsListAreOne() {
        assertEquals(
                encodeKeys(bag("|", 9), List.of("a|b|7")), encodeKeys(bag("|", 9), List.of(List.of("a", "b", "7"))));
        assertEquals(encodeKeys(bag("|", 9), List.of("7")), encodeKeys(bag("|", 9), List.of(7)));
    }

    @Test
    void nullEntriesOfAListAreLeftOut() {
        assertEquals(
                List.of(keys(1, 2), keys(), keys(), keys()),
                encodeKeys(
                        bag(null, 9),
                        Arrays.asList(Arrays.asList(1, null, 2), Arrays.asList(null, null), List.of(), null)));
    }

    @Test
    void aBagKeepsItsFirstAndASequenceItsLast() {
        List<?> rows = List.of(Arrays.asList(1, null, 2, 3, 4, null));
        assertEquals(List.of(keys(1, 2)), encodeKeys(bag(null, 2), rows));
        assertEquals(List.of(keys(3, 4)), encodeKeys(sequence(null, 2), rows));
        assertEquals(List.of(keys(1, 2, 3, 4)), encodeKeys(sequence(null, 4), rows));
        assertEquals(List.of(texts("b", "c")), encodeKeys(sequence(",", 2), List.of("a,b,c")));
    }

    @Test
    void aNumberTakesItsValueAndWhetherItIsMissing() {
        List<?> rows = Arrays.asList(5, null, -1);
        assertArrayEquals(new float[] {5, 0, 0, 1, -1, 0}, encodeNumbers(numeric(Scaling.NONE), rows));
        assertArrayEquals(
                new float[] {(5 - 3) / 2f, 0, 0, 1, (-1 - 3) / 2f, 0}, encodeNumbers(numeric(Scaling.STANDARD), rows));
        assertArrayEquals(
                new float[] {(float) ((Math.log(6) - 3) / 2), 0, 0, 1, (float) ((-Math.log(2) - 3) / 2), 0},
                encodeNumbers(numeric(Scaling.LOG), rows));
    }

    @Test
    void minMaxIsClamped() {
        assertArrayEquals(
                new float[] {(3f + 1) / (7 + 1), 0, 0, 0, 1, 0, 0, 1},
                encodeNumbers(numeric(Scaling.MIN_MAX), Arrays.asList(3, -2, 9, null)));
    }

    @Test
    void aConstantColumnScalesByOne() {
        FeatureStatistics constant = new FeatureStatistics(3, 0, 4, 0, 4, 4, List.of());
        for (Scaling scaling : List.of(Scaling.STANDARD, Scaling.MIN_MAX)) {
            FeatureSchema schema =
                    new FeatureSchema(Map.of("x", numeric(scaling))).withStatistics(Map.of("x", constant));
            assertArrayEquals(new float[] {0, 0}, numeric(schema, List.of(4)));
        }
    }

    @Test
    void aBucketIsTheNumberOfBoundariesAtOrBelow() {
        assertEquals(
                List.of(keys(0), keys(1), keys(1), keys(1), keys(2), List.of(Keys.MISSING)),
                encodeKeys(numeric(Scaling.QUANTILE), Arrays.asList(-0.1, -0.0, 0.0, 4.9, 5.0, null)));
    }

    @Test
    void aVectorTakesItsNumbersAndWhetherItIsMissing() {
        assertArrayEquals(
                new float[] {1, 2.5f, 0, 0, 0, 1}, encodeNumbers(dense(2), Arrays.asList(List.of(1, 2.5), null)));
        assertArrayEquals(new float[] {1, 2, 0}, encodeNumbers(dense(2), List.of(List.of(1, 2))));
        assertArrayEquals(new float[] {0, 0, 1}, encodeNumbers(dense(2), Arrays.asList((Object) null)));
    }

    @Test
    void wrongValuesAreRefusedWithPlaceExpectedAndFound() {
        assertRefused("a single value, found a list (row 17)", categorical(null), List.of(1));
        assertRefused("a list, or text and a separator, found 3 (row 17)", bag(null, 9), 3);
        assertRefused("a list, or text and a separator, found text 'a|b' (row 17)", sequence(null, 9), "a|b");
        assertRefused("a list of single values, found a list of lists (row 17)", bag(null, 9), List.of(List.of(1)));
        assertRefused("a finite number, found NaN (row 17)", numeric(Scaling.NONE), Double.NaN);
        assertRefused("a finite number, found -Infinity (row 17)", numeric(Scaling.QUANTILE), Double.NEGATIVE_INFINITY);
        assertRefused("a number in the range of a float, found 1.0E300 (row 17)", numeric(Scaling.NONE), 1e300);
        assertRefused("a number, found text '3' (row 17)", numeric(Scaling.STANDARD), "3");
        assertRefused("a number, found a list (row 17)", numeric(Scaling.MIN_MAX), List.of(3));
        assertRefused("a list of 2 finite numbers, found 3 (row 17)", dense(2), 3);
        assertRefused("a list of 2 finite numbers, found a list of 1 (row 17)", dense(2), List.of(3));
        assertRefused("a list of 2 finite numbers, found a list of texts (row 17)", dense(2), List.of("a", "b"));
        assertRefused("a list of 2 finite numbers, found NULL as entry 2 (row 17)", dense(2), Arrays.asList(1, null));
        assertRefused("a list of 2 finite numbers, found NaN as entry 1 (row 17)", dense(2), List.of(Double.NaN, 0.5));
        assertRefused("a list of 2 finite numbers, found 1.0E300 as entry 2 (row 17)", dense(2), List.of(0.5, 1e300));
    }

    @Test
    void anAbsentColumnNamesTheNearest() {
        FeatureSchema schema = new FeatureSchema(Map.of("price", categorical(null)));
        Map<String, Column> columns = Map.of("prise", Column.ofRow(1));
        assertEquals(
                "feature 'price': expected a column 'price', found none of that name; did you mean 'prise'?",
                assertThrows(InputException.class, () -> new FeatureEncoder(schema).encode(columns, 1, schema.batch()))
                        .getMessage());
    }

    @Test
    void aSchemaThatWasNotFittedIsRefused() {
        FeatureSchema schema = new FeatureSchema(Map.of("x", numeric(Scaling.STANDARD)));
        assertThrows(IllegalStateException.class, () -> new FeatureEncoder(schema));
    }

    @Test
    void aBatchForgetsTheRowsBefore() {
        FeatureSchema schema = new FeatureSchema(Map.of("x", dense(1), "y", categorical(null)));
        FeatureEncoder encoder = new FeatureEncoder(schema);
        Batch batch = schema.batch();
        encoder.encode(
                Map.of("x", Column.ofRows(List.of(List.of(1), List.of(2))), "y", Column.ofRows(List.of(1, 2))),
                2,
                batch);
        encoder.encode(Map.of("x", Column.ofRow(null), "y", Column.ofRow(3)), 1, batch);
        assertEquals(1, batch.rowCount());
        assertEquals(List.of(keys(3)), keys(batch.fields().getFirst()));
        assertArrayEquals(new float[] {0, 1}, Arrays.copyOf(batch.numeric(), 2));
    }

    private static void assertRefused(String message, Feature feature, Object value) {
        FeatureSchema schema = schema(feature);
        Map<String, Column> columns = Map.of("x", Column.ofRows(Arrays.asList(null, value)));
        assertEquals(
                "feature 'x': expected " + message,
                assertThrows(
                                InputException.class,
                                () -> new FeatureEncoder(schema).encode(columns, 2, 16, schema.batch()))
                        .getMessage());
    }

    private static List<List<Long>> encodeKeys(Feature feature, List<?> rows) {
        FeatureSchema schema = schema(feature);
        Batch batch = schema.batch();
        new FeatureEncoder(schema).encode(Map.of("x", Column.ofRows(rows)), rows.size(), batch);
        return keys(batch.fields().getFirst());
    }

    private static float[] encodeNumbers(Feature feature, List<?> rows) {
        return numeric(schema(feature), rows);
    }

    private static float[] numeric(FeatureSchema schema, List<?> rows) {
        Batch batch = schema.batch();
        new FeatureEncoder(schema).encode(Map.of("x", Column.ofRows(rows)), rows.size(), batch);
        return Arrays.copyOf(batch.numeric(), rows.size() * schema.numericWidth());
    }

    private static FeatureSchema schema(Feature feature) {
        return new FeatureSchema(Map.of("x", feature)).withStatistics(Map.of("x", STATISTICS));
    }

    private static List<List<Long>> keys(KeyLists lists) {
        return IntStream.range(0, lists.rowCount())
                .mapToObj(row -> Arrays.stream(lists.keys(), lists.offsets()[row], lists.offsets()[row + 1])
                        .boxed()
                        .toList())
                .toList();
    }

    private static List<Long> keys(long... values) {
        return Arrays.stream(values).map(Keys::ofInteger).boxed().toList();
    }

    private static List<Long> texts(String... values) {
        return Stream.of(values).map(Keys::ofText).toList();
    }

    private static Feature categorical(List<String> vocabulary) {
        return new Feature.Categorical(null, null, null, null, 8, vocabulary);
    }

    private static Feature bag(String separator, int limit) {
        return new Feature.Bag(null, null, null, null, null, null, separator, limit);
    }

    private static Feature sequence(String separator, int length) {
        return new Feature.Sequence(null, null, null, null, null, null, separator, length);
    }

    private static Feature numeric(Scaling scaling) {
        return new Feature.Numeric(null, null, null, scaling, null, null);
    }

    private static Feature dense(int length) {
        return new Feature.Dense(null, null, null, length);
    }
}
