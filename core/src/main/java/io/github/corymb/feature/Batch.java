package io.github.corymb.feature;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// B encoded rows: the keys of each embedded field, and all numeric inputs side by side. Filled by a
/// [FeatureEncoder] from one request, or from the training cache; read by the embedding tables and the model. Its
/// arrays are reused from batch to batch.
public final class Batch {

    private final List<KeyLists> fields; // F, in the order of the schema's fields
    private final int numericWidth; // N
    private float[] numeric = new float[0]; // [B, N] row-major, may be longer
    private int rowCount; // B

    public Batch(int fieldCount, int numericWidth) {
        this.fields = Stream.generate(KeyLists::new).limit(fieldCount).toList();
        this.numericWidth = numericWidth;
    }

    public int rowCount() {
        return rowCount;
    }

    public List<KeyLists> fields() {
        return fields;
    }

    public int numericWidth() {
        return numericWidth;
    }

    public float[] numeric() {
        return numeric;
    }

    /// Forgets all rows, and makes room for `rowCount` rows of numeric inputs, which start as zeros.
    public void reset(int rowCount) {
        this.rowCount = rowCount;
        int used = Math.multiplyExact(rowCount, numericWidth);
        if (numeric.length < used) {
            numeric = new float[used];
        } else {
            Arrays.fill(numeric, 0, used, 0f);
        }
        fields.forEach(KeyLists::clear);
    }
}
