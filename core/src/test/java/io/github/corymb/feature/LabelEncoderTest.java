package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LabelEncoderTest {

    private static final Task BINARY = new Task.Binary("y", null, null, null);
    private static final Task REGRESSION = new Task.Regression("y", null, null, null, null, null, null);
    private static final Task LOG = new Task.Regression("y", null, null, null, null, null, Task.LabelScale.LOG);
    private static final Task MULTICLASS = new Task.Multiclass("y", null, null, null, null);

    @Test
    void aBinaryLabelIsZeroOrOne() {
        assertArrayEquals(new float[] {1, 0, Float.NaN}, encode(BINARY, Arrays.asList(true, false, null)));
        assertArrayEquals(new float[] {1, 0, Float.NaN}, encode(BINARY, Arrays.asList(1.0, 0.0, null)));
        assertArrayEquals(new float[] {Float.NaN}, encode(BINARY, Arrays.asList((Object) null)));
        assertRefused("expected a label of 0 or 1, found 2 (row 101)", BINARY, 2);
        assertRefused("expected a label of 0 or 1, found 0.5 (row 101)", BINARY, 0.5);
        assertRefused("expected a label of 0 or 1, found text 'yes' (row 101)", BINARY, "yes");
    }

    @Test
    void aRegressionLabelIsTheNumberItself() {
        assertArrayEquals(new float[] {-1.5f, 3, Float.NaN}, encode(REGRESSION, Arrays.asList(-1.5, 3, null)));
        assertArrayEquals(new float[] {0, 7}, encode(LOG, List.of(0, 7)));
        assertRefused("expected a label of at least 0, found -1 (row 101)", LOG, -1);
        assertRefused("expected a label in a float's range, found 1.0E300 (row 101)", REGRESSION, 1e300);
        assertRefused("expected a finite number, found NaN (row 101)", REGRESSION, Double.NaN);
        assertRefused("expected a number, found text 'a' (row 101)", REGRESSION, "a");
    }

    @Test
    void aClassIsItsIndex() {
        assertArrayEquals(
                new float[] {0, 2, 1, Float.NaN},
                encode(MULTICLASS, Arrays.asList("b", "c", "a", null), "b", "a", "c"));
        assertArrayEquals(new float[] {1, 0}, encode(MULTICLASS, List.of(10, 9), "9", "10"));
        assertArrayEquals(new float[] {1, 0}, encode(MULTICLASS, List.of(10.0, 9.0), "9", "10"));
        assertRefused(
                "expected one of the 2 classes, found 'blue'; did you mean 'blues'? (row 101)",
                MULTICLASS,
                "blue",
                "blues",
                "rock");
        assertRefused("expected a class, found a list (row 101)", MULTICLASS, List.of(1), "9", "10");
    }

    @Test
    void classesAreThoseOfTheTrainingRowsIntegersByValue() {
        assertEquals(
                List.of("-1", "9", "10"),
                fit(MULTICLASS, Arrays.asList(10, 9, null, -1, 9)).classes());
        assertEquals(
                List.of("2", "10", "10b", "b"),
                fit(MULTICLASS, List.of("b", "10", "10b", "2")).classes());
        Task given = new Task.Multiclass("y", null, null, null, List.of("z", "a"));
        assertEquals(List.of("z", "a"), fit(given, List.of("a", "a")).classes());
    }

    @Test
    void classesAreFoundAcrossChunks() {
        TaskFitter fitter = new TaskFitter("t", MULTICLASS);
        List<Integer> all = IntStream.range(0, 1000).mapToObj(i -> i * 7 % 1000).toList();
        for (int from = 0; from < 1000; from += 100) {
            fitter.add(Column.ofRows(all.subList(from, from + 100)), 100, from + 1);
        }
        assertEquals(
                IntStream.range(0, 1000).mapToObj(Integer::toString).toList(),
                fitter.finish().classes());
    }

    @Test
    void theMeanIsThatOfTheRowsWithALabel() {
        assertEquals(2.0 / 3, fit(BINARY, Arrays.asList(1, null, 0, 1)).labelMean(), 1e-15);
        assertEquals(
                (1.5 - 3) / 2, fit(REGRESSION, Arrays.asList(1.5, -3, null)).labelMean(), 1e-15);
        assertEquals(0, fit(BINARY, Arrays.asList(null, null)).labelMean());
    }

    @Test
    void aRowWeightIsANumberOfAtLeastZero() {
        LabelEncoder encoder = new LabelEncoder(new FittedTask("t", BINARY, List.of(), 0));
        float[] weights = {9, 9, 9, 9};
        encoder.encodeWeights(Column.ofRows(List.of(0, 2.5)), 2, 1, weights, 1);
        assertArrayEquals(new float[] {9, 0, 2.5f, 9}, weights);
        for (Object wrong : Arrays.asList(null, -1.0)) {
            String found = wrong == null ? "NULL" : "-1.0";
            assertEquals(
                    "task 't', row_weight: expected a weight of at least 0, found " + found + " (row 8)",
                    assertThrows(
                                    InputException.class,
                                    () -> encoder.encodeWeights(Column.ofRow(wrong), 1, 8, weights, 0))
                            .getMessage());
        }
    }

    private static float[] encode(Task task, List<?> labels, String... classes) {
        float[] into = new float[labels.size() + 1];
        new LabelEncoder(new FittedTask("t", task, List.of(classes), 0))
                .encode(Column.ofRows(labels), labels.size(), 1, into, 1);
        return Arrays.copyOfRange(into, 1, into.length);
    }

    private static FittedTask fit(Task task, List<?> labels) {
        TaskFitter fitter = new TaskFitter("t", task);
        fitter.add(Column.ofRows(labels), labels.size(), 1);
        return fitter.finish();
    }

    private static void assertRefused(String message, Task task, Object label, String... classes) {
        LabelEncoder encoder = new LabelEncoder(new FittedTask("t", task, List.of(classes), 0));
        Column column = Column.ofRows(Arrays.asList(null, label));
        assertEquals(
                "task 't': " + message,
                assertThrows(InputException.class, () -> encoder.encode(column, 2, 100, new float[2], 0))
                        .getMessage());
    }
}
