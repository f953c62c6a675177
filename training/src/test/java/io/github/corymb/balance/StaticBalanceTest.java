package io.github.corymb.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StaticBalanceTest {

    @Property(seed = "71", tries = 100)
    void weightsAreThoseOfTheTasksWhateverTheLosses(
            @ForAll @Size(3) List<@DoubleRange(min = 0, max = 100) Double> taskWeights,
            @ForAll @Size(3) List<@DoubleRange(min = -1e6, max = 1e6) Double> losses) {
        LossBalancer balancer = new StaticBalance.Spec().build(taskWeights);
        double[] expected = taskWeights.stream().mapToDouble(w -> w).toArray();
        assertArrayEquals(
                expected, balancer.weights(losses.stream().mapToDouble(l -> l).toArray()));
    }

    @Test
    void itsWeightsAreTheCallersOwn() {
        LossBalancer balancer = new StaticBalance(List.of(1.0, 0.5));
        Arrays.fill(balancer.weights(new double[2]), 7);
        assertArrayEquals(new double[] {1, 0.5}, balancer.weights(new double[2]));
    }

    @Test
    void refusesWhatIsNoWeight() {
        for (double weight : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals(
                    "weight: expected a finite number of at least 0, found " + weight,
                    assertThrows(IllegalArgumentException.class, () -> new StaticBalance(List.of(1.0, weight)))
                            .getMessage());
        }
    }
}
