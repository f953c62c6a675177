package io.github.corymb.embedding;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Both kernels do the same, up to the end of the row and not beyond it.
class RowKernelTest {

    private static final int LANES = VectorKernel.laneCount();
    private static final RowKernel PLAIN = new PlainKernel();
    private static final RowKernel VECTOR = new VectorKernel();

    static IntStream lengths() {
        return IntStream.of(0, 1, LANES - 1, LANES, LANES + 1, 2 * LANES, 3 * LANES + 2);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void copyGivesTheSource(int length) {
        float[] expected = row(length, 4);
        for (int j = 0; j < length; j++) {
            expected[1 + j] = gradient(length)[1 + j];
        }
        check(length, expected, (kernel, s) -> kernel.copy(s.gradient, 4, s.row, 4, length));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void addAndScaleAreTheirFormulas(int length) {
        float[] expected = row(length, 4);
        for (int j = 1; j <= length; j++) {
            float g = gradient(length)[j];
            expected[j] = ((expected[j] + g) + g * 0.3f) * 0.7f;
        }
        check(length, expected, (kernel, s) -> {
            kernel.add(s.gradient, 4, s.row, 4, length);
            kernel.addScaled(s.gradient, 4, s.row, 4, length, 0.3f);
            kernel.scale(s.row, 4, length, 0.7f);
        });
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void sgdIsItsFormula(int length) {
        float[] expected = row(length, 4);
        for (int j = 1; j <= length; j++) {
            expected[j] -= 0.1f * gradient(length)[j];
        }
        check(length, expected, (kernel, s) -> kernel.sgd(s.row, 4, s.gradient, 4, length, 0.1f));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void adagradIsItsFormula(int length) {
        float[] expected = row(length, 4);
        for (int j = 1; j <= length; j++) {
            float g = gradient(length)[j];
            expected[j + length] += g * g;
            expected[j] -= 0.1f * g / ((float) Math.sqrt(expected[j + length]) + 1e-3f);
        }
        check(
                length,
                expected,
                (kernel, s) -> kernel.adagrad(s.row, 4, 4 + 4L * length, s.gradient, 4, length, 0.1f, 1e-3f));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void adamIsItsFormula(int length) {
        float[] expected = row(length, 4);
        for (int j = 1; j <= length; j++) {
            float g = gradient(length)[j];
            float m = 0.9f * expected[j + length] + 0.1f * g;
            float v = 0.99f * expected[j + 2 * length] + 0.01f * (g * g);
            expected[j + length] = m;
            expected[j + 2 * length] = v;
            expected[j] -= 0.2f * m / ((float) Math.sqrt(v) * 1.5f + 1e-3f);
        }
        RowKernel.AdamFactors factors = new RowKernel.AdamFactors(0.2f, 1.5f, 0.9f, 0.1f, 0.99f, 0.01f, 1e-3f);
        check(
                length,
                expected,
                (kernel, s) -> kernel.adam(s.row, 4, 4 + 4L * length, 4 + 8L * length, s.gradient, 4, length, factors));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void sumOfSquaresIsItsFormulaInAnyOrder(int length) {
        double expected = 0;
        for (int j = 1; j <= length; j++) {
            expected += (double) gradient(length)[j] * gradient(length)[j];
        }
        try (Arena arena = Arena.ofConfined()) {
            Operands operands = new Operands(arena, length);
            assertEquals(expected, PLAIN.sumOfSquares(operands.gradient, 4, length), 1e-6 * expected);
            assertEquals(expected, VECTOR.sumOfSquares(operands.gradient, 4, length), 1e-6 * expected);
        }
    }

    private static void check(int length, float[] expected, BiConsumer<RowKernel, Operands> operation) {
        for (RowKernel kernel : new RowKernel[] {PLAIN, VECTOR}) {
            try (Arena arena = Arena.ofConfined()) {
                Operands operands = new Operands(arena, length);
                operation.accept(kernel, operands);
                assertArrayEquals(
                        expected,
                        operands.row.toArray(JAVA_FLOAT),
                        kernel.getClass().getSimpleName());
                assertArrayEquals(gradient(length), operands.gradient.toArray(JAVA_FLOAT));
            }
        }
    }

    /// A row with room for three widths, and a gradient, each with one float before and one behind.
    private record Operands(MemorySegment row, MemorySegment gradient) {
        Operands(Arena arena, int length) {
            this(
                    arena.allocateFrom(JAVA_FLOAT, RowKernelTest.row(length, 4)),
                    arena.allocateFrom(JAVA_FLOAT, RowKernelTest.gradient(length)));
        }
    }

    private static float[] row(int length, int guard) {
        float[] row = new float[3 * length + guard];
        for (int j = 0; j < row.length; j++) {
            row[j] = 0.5f + j / 7f;
        }
        return row;
    }

    private static float[] gradient(int length) {
        float[] gradient = new float[length + 2];
        for (int j = 0; j < gradient.length; j++) {
            gradient[j] = (j % 2 == 0 ? 1 : -1) * (0.1f + j / 3f);
        }
        return gradient;
    }
}
