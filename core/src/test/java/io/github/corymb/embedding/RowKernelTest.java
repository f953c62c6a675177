package io.github.corymb.embedding;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
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
        check(length, expected, (kernel, s) -> kernel.copy(s.gradient(), s.row(), length));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void addScaleAndMultiplyAreTheirFormulas(int length) {
        float[] expected = row(length, 4);
        for (int j = 1; j <= length; j++) {
            float g = gradient(length)[j];
            expected[j] = ((expected[j] + g) + g * 0.3f) * 0.7f * g;
        }
        check(length, expected, (kernel, s) -> {
            kernel.add(s.gradient(), s.row(), length);
            kernel.addScaled(s.gradient(), s.row(), length, 0.3f);
            kernel.scale(s.row(), length, 0.7f);
            kernel.multiply(s.gradient(), s.row(), length);
        });
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void sgdIsItsFormula(int length) {
        float[] expected = row(length, 4);
        for (int j = 1; j <= length; j++) {
            expected[j] -= 0.1f * gradient(length)[j];
        }
        check(length, expected, (kernel, s) -> kernel.sgd(s.row(), s.gradient(), length, 0.1f));
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
        check(length, expected, (kernel, s) -> kernel.adagrad(s.row(), s.row(1), s.gradient(), length, 0.1f, 1e-3f));
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
        check(length, expected, (kernel, s) -> kernel.adam(s.row(), s.row(1), s.row(2), s.gradient(), length, factors));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void momentumIsItsFormula(int length) {
        float[] expected = row(length, 4);
        for (int j = 1; j <= length; j++) {
            expected[j + length] = 0.9f * expected[j + length] + 0.5f * gradient(length)[j];
            expected[j] -= 0.2f * expected[j + length];
        }
        check(
                length,
                expected,
                (kernel, s) -> kernel.momentum(s.row(), s.row(1), s.gradient(), length, 0.9f, 0.5f, 0.2f));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void ftrlIsItsFormulaAndItsL1TakesWeightsToZero(int length) {
        float l1 = 1;
        float[] expected = row(length, 4);
        for (int j = 1; j <= length; j++) {
            float g = gradient(length)[j];
            float root = (float) Math.sqrt(expected[j + 2 * length] + g * g);
            float sigma = (root - (float) Math.sqrt(expected[j + 2 * length])) / 0.1f;
            float z = expected[j + length] + (g - sigma * expected[j]);
            float size = (Math.abs(z) - l1) / ((1.5f + root) / 0.1f + 0.25f);
            expected[j] = Math.abs(z) <= l1 ? 0 : -Math.signum(z) * size;
            expected[j + length] = z;
            expected[j + 2 * length] += g * g;
        }
        RowKernel.FtrlFactors factors = new RowKernel.FtrlFactors(0.1f, 1.5f, l1, 0.25f);
        check(length, expected, (kernel, s) -> kernel.ftrl(s.row(), s.row(1), s.row(2), s.gradient(), length, factors));
    }

    @Test
    void ftrlGivesTheGoldenValuesOfMonolith() {
        // n = 0.1 and w = z = 0 before; rate 0.01, beta, l1 and l2 0; the same gradient twice
        for (RowKernel kernel : new RowKernel[] {PLAIN, VECTOR}) {
            for (double[] golden : new double[][] {{10, -0.009995, -0.0170643}, {1, -0.00953463, -0.0164353}}) {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment w = arena.allocate(JAVA_FLOAT, LANES);
                    MemorySegment z = arena.allocate(JAVA_FLOAT, LANES);
                    MemorySegment n = arena.allocate(JAVA_FLOAT, LANES);
                    MemorySegment g = arena.allocate(JAVA_FLOAT, LANES);
                    for (int j = 0; j < LANES; j++) {
                        n.setAtIndex(JAVA_FLOAT, j, 0.1f);
                        g.setAtIndex(JAVA_FLOAT, j, (float) golden[0]);
                    }
                    RowKernel.FtrlFactors factors = new RowKernel.FtrlFactors(0.01f, 0, 0, 0);
                    for (int step = 1; step <= 2; step++) {
                        kernel.ftrl(w.address(), z.address(), n.address(), g.address(), LANES, factors);
                        assertEquals(golden[step], w.getAtIndex(JAVA_FLOAT, LANES - 1), 1e-7);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void shortenMovesTheRowTowardsWhereItWas(int length) {
        float[] expected = row(length, 4);
        for (int j = 1; j <= length; j++) {
            float from = gradient(length)[j];
            expected[j] = from + 0.3f * (expected[j] - from);
        }
        check(length, expected, (kernel, s) -> kernel.shorten(s.row(), s.gradient(), length, 0.3f));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void sumsAgreeToTheBit(int length) {
        try (Arena arena = Arena.ofConfined()) {
            Operands s = new Operands(arena, length);
            assertEquals(PLAIN.sumOfSquares(s.gradient(), length), VECTOR.sumOfSquares(s.gradient(), length));
            assertEquals(
                    PLAIN.squaredDistance(s.row(), s.gradient(), length),
                    VECTOR.squaredDistance(s.row(), s.gradient(), length));
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void sumsOfSquaresAreTheirFormulas(int length) {
        double squares = 0;
        double distance = 0;
        for (int j = 1; j <= length; j++) {
            double g = gradient(length)[j];
            squares += g * g;
            distance += (row(length, 4)[j] - g) * (row(length, 4)[j] - g);
        }
        for (RowKernel kernel : new RowKernel[] {PLAIN, VECTOR}) {
            try (Arena arena = Arena.ofConfined()) {
                Operands s = new Operands(arena, length);
                assertEquals(squares, kernel.sumOfSquares(s.gradient(), length), 1e-6 * squares);
                assertEquals(distance, kernel.squaredDistance(s.row(), s.gradient(), length), 1e-6 * distance);
            }
        }
    }

    private static void check(int length, float[] expected, BiConsumer<RowKernel, Operands> operation) {
        for (RowKernel kernel : new RowKernel[] {PLAIN, VECTOR}) {
            try (Arena arena = Arena.ofConfined()) {
                Operands operands = new Operands(arena, length);
                operation.accept(kernel, operands);
                assertArrayEquals(
                        expected,
                        operands.rows.toArray(JAVA_FLOAT),
                        kernel.getClass().getSimpleName());
                assertArrayEquals(gradient(length), operands.gradients.toArray(JAVA_FLOAT));
            }
        }
    }

    /// A row with room for three widths, and a gradient, each with one float before and one behind.
    private record Operands(MemorySegment rows, MemorySegment gradients, int length) {
        Operands(Arena arena, int length) {
            this(
                    arena.allocateFrom(JAVA_FLOAT, RowKernelTest.row(length, 4)),
                    arena.allocateFrom(JAVA_FLOAT, RowKernelTest.gradient(length)),
                    length);
        }

        long row() {
            return row(0);
        }

        /// The first, second or third width.
        long row(int width) {
            return rows.address() + 4 + 4L * width * length;
        }

        long gradient() {
            return gradients.address() + 4;
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
