package io.github.corymb.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.model.Mmoe;
import io.github.corymb.model.ModelSpec;
import io.github.corymb.model.SharedBottom;
import io.github.corymb.network.Activation;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.network.Normalisation;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Precision;
import io.github.corymb.tensor.torch.TorchEngine;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QuantizedGraphTest {

    private static final int ROW_COUNT = 500;
    private static final int EVERY_LAYER = 1; // weights at least
    private static final List<Integer> WIDE = List.of(64, 32);

    static Stream<Arguments> everyModel() {
        return Stream.of(Normalisation.values())
                .flatMap(normalisation -> Stream.of(Activation.values())
                        .flatMap(activation ->
                                ModelGraphTest.models(WIDE, activation, 0, normalisation, ExpertComputation.LOOPED)
                                        .stream()
                                        .filter(spec -> !spec.equals(shallow(activation, normalisation)))
                                        .map(Arguments::of)));
    }

    private static SharedBottom.Spec shallow(Activation activation, Normalisation normalisation) {
        return new SharedBottom.Spec(List.of(), List.of(), activation, 0.0, normalisation);
    }

    private static byte[] recorded(ModelSpec spec) {
        try (TorchEngine engine = new TorchEngine(new Device.Cpu(), Precision.FLOAT32, 1, 4)) {
            spec.build(engine.parameters(), 12, SampleModel.heads());
            return SampleModel.record(spec, SampleModel.signature(spec.ownTables()), engine);
        }
    }

    private static Mmoe.Spec mmoe(Activation activation) {
        return new Mmoe.Spec(4, WIDE, List.of(16), activation, 0.0, Normalisation.NONE, 0.0, ExpertComputation.LOOPED);
    }

    private static Map<String, float[]> rows(ModelSpec spec, int userCount) {
        GraphSignature signature = SampleModel.signature(spec.ownTables());
        return SampleModel.rows(signature, userCount, ROW_COUNT);
    }

    private static byte[] quantized(ModelSpec spec, byte[] recorded) {
        Map<String, FloatBuffer> rows = SampleModel.buffers(rows(spec, ROW_COUNT));
        return QuantizedGraph.of(recorded, List.of(rows), EVERY_LAYER);
    }

    private static Map<String, float[]> scores(byte[] graph, Map<String, float[]> rows) {
        try (OnnxGraph session = OnnxGraph.open(graph)) {
            return session.run(SampleModel.buffers(rows));
        }
    }

    /// Some hundredths of the spread of the scores are what 8 bits cost, and less on average, as biases give back what
    /// rounding takes; rows do not all become one.
    @ParameterizedTest
    @MethodSource("everyModel")
    void scoresAreNearThoseInFloat32(ModelSpec spec) {
        byte[] recorded = recorded(spec);
        Map<String, float[]> rows = rows(spec, ROW_COUNT);
        Map<String, float[]> exact = scores(recorded, rows);
        scores(quantized(spec, recorded), rows).forEach((task, found) -> {
            float[] expected = exact.get(task);
            assertEquals(expected.length, found.length);
            double mean = 0;
            for (float value : expected) {
                mean += value / expected.length;
            }
            double spread = 0;
            double error = 0;
            double shift = 0;
            for (int i = 0; i < found.length; i++) {
                spread += (expected[i] - mean) * (expected[i] - mean);
                error += (expected[i] - found[i]) * (expected[i] - found[i]);
                shift += found[i] - expected[i];
            }
            assertTrue(spread > 0 && error > 0, task + ": " + error + " of " + spread);
            assertTrue(Math.sqrt(error / spread) < 0.1, task + ": " + Math.sqrt(error / spread));
            double meanError = Math.abs(shift) / Math.sqrt(spread * found.length);
            assertTrue(meanError < 0.02, task + ": " + meanError);
        });
    }

    @Test
    void aModelWithoutHiddenLayersIsRefused() {
        SharedBottom.Spec spec = shallow(Activation.RELU, Normalisation.NONE);
        String message = assertThrows(IllegalArgumentException.class, () -> quantized(spec, recorded(spec)))
                .getMessage();
        assertEquals("quantize: expected a hidden layer of at least 1 weights, found none", message);
    }

    @Test
    void oneRowOfTheUserScoresAsManyDo() {
        Mmoe.Spec spec = mmoe(Activation.RELU);
        byte[] graph = quantized(spec, recorded(spec));
        Map<String, float[]> once = rows(spec, 1);
        Map<String, float[]> repeated = new HashMap<>(once);
        SampleModel.signature(false).inputs(false).forEach(input -> {
            float[] wide = new float[ROW_COUNT * input.width()];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = once.get(input.name())[i % input.width()];
            }
            repeated.put(input.name(), wide);
        });
        Map<String, float[]> split = scores(graph, once);
        scores(graph, repeated).forEach((task, values) -> assertArrayEquals(values, split.get(task), 1e-6f, task));
    }

    @Test
    void equalRowsGiveEqualBytesAndOthersOthers() {
        Mmoe.Spec spec = mmoe(Activation.RELU);
        byte[] recorded = recorded(spec);
        assertArrayEquals(quantized(spec, recorded), quantized(spec, recorded));
        Map<String, float[]> wider = rows(spec, ROW_COUNT);
        wider.get("price")[0] = 10;
        byte[] other = QuantizedGraph.of(recorded, List.of(SampleModel.buffers(wider)), EVERY_LAYER);
        assertNotEquals(0, Arrays.compare(other, quantized(spec, recorded)));
    }

    /// Hidden layers are in 8 bits, gates and outputs are not, and experts are joined in 8 bits.
    @Test
    void hiddenLayersAloneAreRounded() throws InvalidProtocolBufferException {
        Mmoe.Spec spec = mmoe(Activation.RELU);
        byte[] recorded = recorded(spec);
        byte[] quantized = quantized(spec, recorded);
        GraphProto graph = ModelProto.parseFrom(quantized).getGraph();
        Map<String, NodeProto> makers = new HashMap<>();
        graph.getNodeList().forEach(node -> makers.put(node.getOutput(0), node));
        long products = graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("Gemm"))
                .filter(node -> makers.containsKey(node.getInput(1)))
                .count();
        assertEquals(4 * 3 + 4, products); // experts, whose first layers are in two parts, and towers
        assertEquals(0, count(graph, "Relu"));
        NodeProto joined = graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("Concat") && node.getInputCount() == 4)
                .findFirst()
                .orElseThrow();
        assertEquals("QuantizeLinear", makers.get(joined.getInput(0)).getOpType());
        assertTrue(quantized.length < recorded.length);
    }

    /// As one node with its product, which engines would make of it, it would be computed in float.
    @Test
    void aSlopedRectifierStandsForItself() throws InvalidProtocolBufferException {
        Mmoe.Spec spec = mmoe(Activation.PRELU);
        byte[] recorded = recorded(spec);
        int all = count(ModelProto.parseFrom(recorded).getGraph(), "LeakyRelu");
        GraphProto graph = ModelProto.parseFrom(quantized(spec, recorded)).getGraph();
        assertEquals(all, count(graph, "PRelu"));
        assertEquals(0, count(graph, "LeakyRelu"));
    }

    private static int count(GraphProto graph, String operator) {
        return (int) graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals(operator))
                .count();
    }

    @Test
    void weightsAreWithinHalfAStepAndSumsAreFarFromOverflow() {
        float[] weights = {1, 1e-12f, 0.5f, 0, -0.254f, 1e-12f}; // [3, 2]
        QuantizedWeights quantized = QuantizedWeights.of(new ConstantArray(weights, 3, 2), 0.5f, new MeanRow(3), 100);
        assertEquals(1f / 64, quantized.scales()[0]);
        for (int i = 0; i < weights.length; i++) {
            float scale = quantized.scales()[i % 2];
            assertEquals(weights[i], quantized.values()[i] * scale, 0.5001 * scale);
        }
        assertTrue(100 / quantized.sums()[1] <= 1 << 24);
    }

    @Test
    void aRangeHoldsZeroExactly() {
        ValueRange range = new ValueRange(-1, 3);
        assertEquals(4f / 255, range.scale());
        assertEquals(64, range.zero()); // 255 / 4
        assertEquals(1, ValueRange.NONE.scale());
        assertEquals(0, ValueRange.NONE.zero());
        assertEquals((byte) 255, new ValueRange(-2, 0).zero());
    }
}
