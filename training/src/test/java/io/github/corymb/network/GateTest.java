package io.github.corymb.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.tensor.Initial;
import io.github.corymb.tensor.PlainTensor;
import io.github.corymb.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GateTest {

    @Test
    void isTheSoftmaxOfOneLinearMap() {
        PlainStore store = new PlainStore(31);
        Gate gate = new Gate(store, 2, 2, 0);
        double[] w = store.get("weight").values();
        double[] g = PlainTensor.values(gate.forward(PlainTensor.of(new double[] {3, 5}, 1, 2)));
        double first = Math.exp(w[0] * 3 + w[1] * 5);
        double second = Math.exp(w[2] * 3 + w[3] * 5);
        assertArrayEquals(new double[] {first / (first + second), second / (first + second)}, g, 1e-12);
        assertEquals(1, store.parameters().size());
    }

    @Test
    void severalAtOnceGiveWhatEachGivesAlone() {
        PlainStore store = new PlainStore(36);
        List<Gate> gates = Stream.of("a", "b", "c")
                .map(name -> new Gate(store.scope(name), 4, 2, 0))
                .toList();
        Tensor x = store.parameter("x", new Initial.Normal(1), 5, 4);
        List<Tensor> together = Gate.forwardEach(gates, x).unbind(1);
        for (int k = 0; k < 3; k++) {
            assertArrayEquals(PlainTensor.values(gates.get(k).forward(x)), PlainTensor.values(together.get(k)), 1e-12);
        }
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        GradientCheck.checkLayer(32, store -> new Gate(store, 4, 3, 0)::forward, 5, 4);
    }

    @Test
    void mixesExpertsByTheirShares() {
        Tensor gate = PlainTensor.of(new double[] {1.0 / 4, 3.0 / 4}, 1, 2);
        Tensor experts = PlainTensor.of(new double[] {1, 10, 2, 20}, 1, 2, 2);
        assertArrayEquals(
                new double[] {1.0 / 4 * 1 + 3.0 / 4 * 2, 1.0 / 4 * 10 + 3.0 / 4 * 20},
                PlainTensor.values(Gate.mix(gate, experts)),
                1e-12);
    }

    @Test
    void mixesForEachGateAsForItAlone() {
        PlainStore store = new PlainStore(33);
        List<Tensor> gates = List.of(
                PlainTensor.of(new double[] {1.0 / 4, 3.0 / 4, 1, 0}, 2, 2),
                PlainTensor.of(new double[] {0, 1, 0.5, 0.5}, 2, 2));
        Tensor shares = Tensor.stackAll(gates, 1); // [B, K, n]
        Tensor experts = store.parameter("experts", new Initial.Normal(1), 2, 2, 3);
        List<Tensor> mixtures = Gate.mixEach(shares, experts);
        for (int k = 0; k < 2; k++) {
            Tensor expected = gates.get(k).unsqueeze(2).multiply(experts).sum(1); // Σ_i g_i f_i
            assertArrayEquals(PlainTensor.values(expected), PlainTensor.values(mixtures.get(k)), 1e-12);
        }
    }

    @Test
    void mixesGroupsAsIfTheyWereJoined() {
        PlainStore store = new PlainStore(33);
        Tensor gate = store.parameter("gate", new Initial.Normal(1), 4, 5).softmax();
        Tensor few = store.parameter("few", new Initial.Normal(1), 4, 2, 3);
        Tensor many = store.parameter("many", new Initial.Normal(1), 4, 3, 3);
        assertArrayEquals(
                PlainTensor.values(Gate.mix(gate, few.concat(List.of(many), 1))),
                PlainTensor.values(Gate.mix(gate, List.of(few, many))),
                1e-12);
    }

    @Test
    void dropoutTakesExpertsAwayAndScalesTheRestToOne() {
        var whole = GradientCheck.runLayer(34, store -> new Gate(store, 4, 3, 0)::forward, 2000, 4);
        var dropped = GradientCheck.runLayer(34, store -> new Gate(store, 4, 3, 0.3)::forward, 2000, 4);
        float[] shares = whole.outputs().getFirst(); // [2000, 3]
        float[] kept = dropped.outputs().getFirst(); // [2000, 3]
        int zeroCount = 0;
        for (int row = 0; row < 2000; row++) {
            double sum = 0;
            for (int i = row * 3; i < row * 3 + 3; i++) {
                sum += kept[i] == 0 ? 0 : shares[i];
                zeroCount += kept[i] == 0 ? 1 : 0;
            }
            for (int i = row * 3; i < row * 3 + 3; i++) {
                assertEquals(kept[i] == 0 ? 0 : shares[i] / sum, kept[i], 1e-5);
            }
        }
        assertEquals(0.3, zeroCount / 6000.0, 5 * Math.sqrt(0.3 * 0.7 / 6000));
        for (float gradient : dropped.gradients().get("weight")) {
            assertTrue(Float.isFinite(gradient)); // although some rows lost all experts
        }
    }

    @Test
    void theOnlyExpertIsNeverDropped() {
        var result = GradientCheck.runLayer(35, store -> new Gate(store, 4, 1, 0.9)::forward, 50, 4);
        for (float share : result.outputs().getFirst()) {
            assertEquals(1, share);
        }
    }
}
