package io.github.corymb.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.corymb.feature.Pooling;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a graph finds for keys is what a look into the table finds.
class KeyLookupTest {

    private static final int DIMENSION = 3;

    /// Its keys are far apart, the least and the greatest number among them; 0 is no key.
    private static LookupTable table(int count) {
        SplittableRandom random = new SplittableRandom(count);
        long[] keys =
                random.longs().filter(key -> key != 0).distinct().limit(count).toArray();
        if (count > 2) {
            keys[0] = Long.MIN_VALUE;
            keys[1] = Long.MAX_VALUE;
        }
        Arrays.sort(keys);
        float[] rows = new float[(count + 1) * DIMENSION];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextDouble(-1, 1);
        }
        return new LookupTable(keys, rows, DIMENSION);
    }

    private static float row(LookupTable table, long key, int column) {
        int place = Arrays.binarySearch(table.keys(), key);
        return table.rows()[(place < 0 ? 0 : place + 1) * DIMENSION + column];
    }

    private interface Lookup {
        String of(KeyLookup lookup, String keys);
    }

    private static float[][] found(LookupTable table, long[][] keys, Lookup lookup) throws OrtException {
        GraphBuilder graph = new GraphBuilder();
        graph.listInput("keys", TensorProto.DataType.INT64_VALUE, "rows", "length");
        String rows = lookup.of(new KeyLookup(graph, Map.of("table", table)), "keys");
        graph.output("found", "Identity", List.of(rows), "rows", DIMENSION);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        byte[] model = graph.build("lookup", "0", Map.of()).toByteArray();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(model, options);
                OnnxTensor input = OnnxTensor.createTensor(environment, keys);
                OrtSession.Result result = session.run(Map.of("keys", input))) {
            return (float[][]) result.get(0).getValue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 1000})
    void everyKeyFindsItsRowAndOthersTheDefault(int count) throws OrtException {
        LookupTable table = table(count);
        long[][] keys = new long[2 * count + 3][1];
        for (int i = 0; i < count; i++) {
            keys[2 * i][0] = table.keys()[i];
            keys[2 * i + 1][0] = table.keys()[i] + 1; // hardly ever a key; past the greatest, the least
        }
        keys[2 * count][0] = 0;
        keys[2 * count + 1][0] = Long.MAX_VALUE;
        keys[2 * count + 2][0] = Long.MIN_VALUE;
        float[][] rows = found(table, keys, (lookup, name) -> lookup.single(name, "table"));
        for (int b = 0; b < keys.length; b++) {
            float[] expected = {row(table, keys[b][0], 0), row(table, keys[b][0], 1), row(table, keys[b][0], 2)};
            assertArrayEquals(expected, rows[b], "key " + keys[b][0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void listsArePooledWithoutWhatFillsThemUp(Pooling pooling) throws OrtException {
        LookupTable table = table(20);
        long unknown = 12345;
        long[][] keys = {
            {table.keys()[3], table.keys()[17], 0, table.keys()[3]},
            {0, 0, 0, 0},
            {unknown, table.keys()[0], 0, 0}
        };
        float[][] rows = found(table, keys, (lookup, name) -> lookup.pooled(name, "table", pooling));
        int[] counts = {3, 1, 2}; // of none the sum is 0, however it is divided
        for (int b = 0; b < keys.length; b++) {
            float[] expected = new float[DIMENSION];
            for (int d = 0; d < DIMENSION; d++) {
                for (long key : keys[b]) {
                    expected[d] += key == 0 ? 0 : row(table, key, d);
                }
                expected[d] /= pooling == Pooling.MEAN ? counts[b] : 1;
            }
            assertArrayEquals(expected, rows[b], 1e-6f);
        }
    }
}
