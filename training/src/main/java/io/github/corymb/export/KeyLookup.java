package io.github.corymb.export;

import static io.github.corymb.export.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.corymb.feature.Pooling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Rows of embedding tables inside a graph, by keys: a binary search over the sorted keys in nodes that every engine
/// has, four a halving, since no operator of the standard looks a number up.
final class KeyLookup {

    private record Stored(String keys, String rowOf, String rows, int count) {}

    private final GraphBuilder graph;
    private final Map<String, LookupTable> tables;
    private final Map<String, Stored> stored = new HashMap<>();

    KeyLookup(GraphBuilder graph, Map<String, LookupTable> tables) {
        this.graph = graph;
        this.tables = tables;
    }

    /// The row of one key. // [B, 1] → [B, D]
    String single(String keys, String table) {
        return graph.node("Squeeze", List.of(rows(keys, table), numbers(1)));
    }

    /// The pooled rows of lists of keys, where 0 is none. // [B, L] → [B, D]
    String pooled(String keys, String table, Pooling pooling) {
        String isNone = graph.node("Equal", List.of(keys, number(0)));
        String isThere = graph.node("Not", List.of(isNone));
        String share =
                graph.node("Cast", List.of(isThere), attribute("to", TensorProto.DataType.FLOAT_VALUE)); // [B, L]
        String wide = graph.node("Unsqueeze", List.of(share, numbers(2))); // [B, L, 1]
        String kept = graph.node("Mul", List.of(rows(keys, table), wide)); // [B, L, D]
        String sum = graph.node("ReduceSum", List.of(kept, numbers(1)), attribute("keepdims", 0)); // [B, D]
        return switch (pooling) {
            case SUM -> sum;
            case MEAN -> {
                String count = graph.node("ReduceSum", List.of(share, numbers(1))); // [B, 1]
                String one = graph.constant("one", new ConstantArray(new float[] {1}));
                yield graph.node("Div", List.of(sum, graph.node("Max", List.of(count, one))));
            }
        };
    }

    /// The row of each key, the default row where a key has none. // [B, L] → [B, L, D]
    private String rows(String keys, String name) {
        Stored table = stored.computeIfAbsent(name, this::store);
        String place =
                graph.node("Mul", List.of(keys, number(0))); // the last place whose key is not above, found so far
        for (int step = table.count() / 2; step > 0; step /= 2) {
            String further = graph.node("Add", List.of(place, number(step)));
            String there = graph.node("Gather", List.of(table.keys(), further));
            String reaches = graph.node("LessOrEqual", List.of(there, keys));
            place = graph.node("Where", List.of(reaches, further, place));
        }
        String found = graph.node("Equal", List.of(graph.node("Gather", List.of(table.keys(), place)), keys));
        String row = graph.node("Gather", List.of(table.rowOf(), place));
        String orDefault = graph.node("Where", List.of(found, row, number(0)));
        return graph.node("Gather", List.of(table.rows(), orDefault));
    }

    private Stored store(String name) {
        LookupTable table = tables.get(name);
        long[] keys = table.padded();
        ConstantArray rows = new ConstantArray(table.rows(), table.keys().length + 1, table.dimension());
        return new Stored(
                graph.constant(name + ".keys", keys, keys.length),
                graph.constant(name + ".row_of_key", table.rowOfPadded(), keys.length),
                graph.constant(name + ".rows", rows),
                keys.length);
    }

    private String number(long value) {
        return graph.constant("number", new long[] {value});
    }

    private String numbers(long value) {
        return graph.constant("numbers", new long[] {value}, 1);
    }
}
