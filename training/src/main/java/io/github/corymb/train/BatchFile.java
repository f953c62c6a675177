package io.github.corymb.train;

import io.github.corymb.bundle.ElementType;
import io.github.corymb.bundle.SafetensorsWriter;
import io.github.corymb.data.LabelledBatch;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.KeyLists;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/// A training batch as named tensors, for other programs to read. With B rows, F fields, N numeric inputs:
///
///     field.NAME.offsets   i64 [B + 1]   where a row's keys begin
///     field.NAME.keys      i64 [keys]
///     numeric              f32 [B, N]
///     label.k, weight.k    f32 [B]       of task k, counted from 0
public final class BatchFile {

    private BatchFile() {}

    /// Adds the tensors of a batch, each with `prefix.` before its name.
    public static void add(SafetensorsWriter writer, String prefix, List<Field> fields, LabelledBatch batch) {
        Batch inputs = batch.inputs();
        int rowCount = inputs.rowCount();
        for (int f = 0; f < fields.size(); f++) {
            KeyLists lists = inputs.fields().get(f);
            ByteBuffer offsets = littleEndian((rowCount + 1) * Long.BYTES);
            for (int b = 0; b <= rowCount; b++) {
                offsets.putLong(lists.offsets()[b]);
            }
            ByteBuffer keys = littleEndian(lists.keyCount() * Long.BYTES);
            for (int i = 0; i < lists.keyCount(); i++) {
                keys.putLong(lists.keys()[i]);
            }
            String name = prefix + ".field." + fields.get(f).name();
            writer.add(name + ".offsets", ElementType.I64, offsets.flip(), rowCount + 1);
            writer.add(name + ".keys", ElementType.I64, keys.flip(), lists.keyCount());
        }
        int numericCount = rowCount * inputs.numericWidth();
        FloatBuffer numeric = FloatBuffer.wrap(inputs.numeric(), 0, numericCount);
        writer.add(prefix + ".numeric", numeric, rowCount, inputs.numericWidth());
        for (int k = 0; k < batch.labels().length; k++) {
            writer.add(prefix + ".label." + k, FloatBuffer.wrap(batch.labels()[k], 0, rowCount), rowCount);
            writer.add(prefix + ".weight." + k, FloatBuffer.wrap(batch.weights()[k], 0, rowCount), rowCount);
        }
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
