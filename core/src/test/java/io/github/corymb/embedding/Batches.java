package io.github.corymb.embedding;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.Pooling;
import io.github.corymb.feature.Side;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Fields, batches and buffers for the tests of this package.
final class Batches {

    private Batches() {}

    static Field field(String name, String table, int dimension, Pooling pooling) {
        return new Field(name, table, dimension, pooling, Side.USER);
    }

    /// A batch whose field f has the keys `keys[f][b]` in row b.
    static Batch of(long[][]... keys) {
        Batch batch = new Batch(keys.length, 0);
        batch.reset(keys[0].length);
        for (int f = 0; f < keys.length; f++) {
            for (long[] row : keys[f]) {
                int at = batch.fields().get(f).addRow(row.length);
                System.arraycopy(row, 0, batch.fields().get(f).keys(), at, row.length);
            }
        }
        return batch;
    }

    /// One to five fields of one to three tables, of dimensions on both sides of a vector's width.
    static List<Field> fields(SplittableRandom random) {
        int[] dimensions = {1 + random.nextInt(20), 1 + random.nextInt(20), 8};
        List<Field> fields = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int f = 0; f < count; f++) {
            int table = random.nextInt(3);
            fields.add(
                    field("f" + f, "t" + table, dimensions[table], random.nextBoolean() ? Pooling.SUM : Pooling.MEAN));
        }
        return fields;
    }

    /// Rows of 0 to 4 keys, from few enough values that they repeat.
    static Batch random(SplittableRandom random, int fieldCount, int rowCount) {
        return random(random, fieldCount, rowCount, 30);
    }

    /// Rows of 0 to 4 keys from `valueCount` values.
    static Batch random(SplittableRandom random, int fieldCount, int rowCount, int valueCount) {
        long[][][] keys = new long[fieldCount][rowCount][];
        for (long[][] field : keys) {
            for (int b = 0; b < rowCount; b++) {
                field[b] = new long[random.nextInt(5)];
                for (int i = 0; i < field[b].length; i++) {
                    field[b][i] = Mix.mix(1 + random.nextInt(valueCount));
                }
            }
        }
        return of(keys);
    }

    static FloatBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(4 * size)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    static FloatBuffer buffer(float... values) {
        return buffer(values.length).put(values).flip();
    }

    /// [B, ΣD] multiples of 1/8 between -2 and 2
    static double[][] gradient(SplittableRandom random, int rowCount, int width) {
        double[][] gradient = new double[rowCount][width];
        for (double[] row : gradient) {
            for (int j = 0; j < width; j++) {
                row[j] = (random.nextInt(33) - 16) / 8.0;
            }
        }
        return gradient;
    }

    static FloatBuffer buffer(double[][] rows) {
        FloatBuffer buffer = buffer(rows.length == 0 ? 0 : rows.length * rows[0].length);
        for (double[] row : rows) {
            for (double value : row) {
                buffer.put((float) value);
            }
        }
        return buffer.flip();
    }

    static float[] array(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.get(buffer.position(), values);
        return values;
    }
}
