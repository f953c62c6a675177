package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RowOrderTest {

    /// Doubles that tie, that differ in sign, and that differ in their last bits only.
    @Provide
    static Arbitrary<List<Double>> scores() {
        Arbitrary<Double> close = Arbitraries.integers().between(-3, 3).map(i -> 0.5 + i * Math.ulp(0.5));
        Arbitrary<Double> far = Arbitraries.of(-1e300, -0.25, -Double.MIN_VALUE, 0.0, Double.MIN_VALUE, 1.0, 1e300);
        return Arbitraries.oneOf(close, far, Arbitraries.doubles()).list().ofMaxSize(300);
    }

    @Property(tries = 300, seed = "6001")
    void sortsRowsByScoreThenByNumber(@ForAll("scores") List<Double> scores) {
        int[] expected = IntStream.range(0, scores.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> scores.get(row) + 0.0))
                .mapToInt(row -> row)
                .toArray();
        assertArrayEquals(
                expected, RowOrder.byScore(scores.stream().mapToDouble(s -> s).toArray()));
    }

    @Property(tries = 300, seed = "6002")
    void sortsRowsBySignedKeyThenByNumber(@ForAll List<Long> keys) {
        int[] expected = IntStream.range(0, keys.size())
                .boxed()
                .sorted(Comparator.comparing(keys::get))
                .mapToInt(row -> row)
                .toArray();
        assertArrayEquals(
                expected, RowOrder.byKey(keys.stream().mapToLong(k -> k).toArray()));
    }
}
