package io.github.corymb.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.corymb.model.Mmoe;
import io.github.corymb.model.ModelSpec;
import io.github.corymb.network.Activation;
import io.github.corymb.network.ExpertComputation;
import io.github.corymb.network.Normalisation;
import io.github.corymb.tensor.Device;
import io.github.corymb.tensor.Precision;
import io.github.corymb.tensor.torch.TorchEngine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which nodes a graph has, by which an engine is as fast as it can be: those that [ModelGraphTest] finds right.
class GraphNodesTest {

    private static final int EXPERT_COUNT = 3;

    private static Mmoe.Spec mmoe(Activation activation, Normalisation normalisation, ExpertComputation way) {
        return new Mmoe.Spec(EXPERT_COUNT, List.of(8, 6), List.of(4), activation, 0.1, normalisation, 0.1, way);
    }

    private static Map<String, Integer> nodes(ModelSpec spec) throws InvalidProtocolBufferException {
        try (TorchEngine engine = new TorchEngine(new Device.Cpu(), Precision.FLOAT32, 1, 3)) {
            spec.build(engine.parameters(), 12, SampleModel.heads());
            byte[] graph = SampleModel.record(spec, SampleModel.signature(false), engine);
            Map<String, Integer> counts = new TreeMap<>();
            for (NodeProto node : ModelProto.parseFrom(graph).getGraph().getNodeList()) {
                counts.merge(node.getOpType(), 1, Integer::sum);
            }
            return counts;
        }
    }

    /// However they were trained: a product an expert and layer, of which an engine makes one with what follows.
    @ParameterizedTest
    @EnumSource
    void expertsNeedNothingButProductsAndTheirRectifiers(ExpertComputation way) throws InvalidProtocolBufferException {
        Map<String, Integer> nodes = nodes(mmoe(Activation.RELU, Normalisation.NONE, way));
        int experts = 3 * EXPERT_COUNT; // first layers in two parts, second layers
        int towers = 2 * SampleModel.TASKS.size();
        assertEquals(experts + towers + 2, nodes.get("Gemm")); // and all gates in two parts
        assertEquals(2 * EXPERT_COUNT + SampleModel.TASKS.size(), nodes.get("Relu"));
        assertEquals(Map.of(), only(nodes, "Transpose", "Unsqueeze", "Add", "Div"));
        assertEquals(Map.of("MatMul", 1, "Softmax", 2), only(nodes, "MatMul", "Softmax")); // one is a task's
    }

    @ParameterizedTest
    @EnumSource
    void aBatchNormalisationIsInTheProductBeforeIt(ExpertComputation way) throws InvalidProtocolBufferException {
        Map<String, Integer> plain = nodes(mmoe(Activation.RELU, Normalisation.NONE, way));
        assertEquals(plain, nodes(mmoe(Activation.RELU, Normalisation.BATCH, way)));
    }

    @ParameterizedTest
    @EnumSource
    void oneSlopeIsANumberOfItsNode(ExpertComputation way) throws InvalidProtocolBufferException {
        Map<String, Integer> nodes = nodes(mmoe(Activation.PRELU, Normalisation.NONE, way));
        assertEquals(
                Map.of("LeakyRelu", 2 * EXPERT_COUNT + SampleModel.TASKS.size()), only(nodes, "LeakyRelu", "PRelu"));
    }

    private static Map<String, Integer> only(Map<String, Integer> nodes, String... operators) {
        Map<String, Integer> found = new TreeMap<>(nodes);
        found.keySet().retainAll(List.of(operators));
        return found;
    }
}
