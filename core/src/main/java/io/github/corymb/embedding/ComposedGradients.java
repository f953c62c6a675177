package io.github.corymb.embedding;

import io.github.corymb.feature.KeyLists;
import io.github.corymb.feature.Pooling;
import java.util.List;

/// The gradients of single rows where a table composes two to one, made from the gradient of the leaf before any row
/// moves: two rows of D floats for each key of such a field, at the places that [StepRows] gave them.
final class ComposedGradients {

    private final FieldLayout layout;
    private final RowComposition[] compositions; // [F], null where a key has one row
    private final boolean isNeeded;

    ComposedGradients(FieldLayout layout, List<EmbeddingTable> tables, RowKernel kernel) {
        this.layout = layout;
        compositions = new RowComposition[layout.places().size()];
        boolean any = false;
        for (int f = 0; f < compositions.length; f++) {
            TableContent table = tables.get(layout.places().get(f).table()).content();
            if (table.hashing().isComposed()) {
                compositions[f] = new RowComposition(kernel, table);
                any = true;
            }
        }
        isNeeded = any;
    }

    boolean isNeeded() {
        return isNeeded;
    }

    /// Makes those of rows `from` … `to` - 1 of the batch. Any number of threads.
    ///
    /// @param fields with the keys as [HashedFields] gives them
    /// @param gradient address of [B, ΣD]
    /// @param target address of as many floats as [StepRows#sideLength()] says
    /// @param spare address of D floats
    void split(StepRows lookups, List<KeyLists> fields, int from, int to, long gradient, long target, long spare) {
        for (int f = 0; f < compositions.length; f++) {
            if (compositions[f] != null) {
                split(lookups, f, fields.get(f).offsets(), from, to, gradient, target, spare);
            }
        }
    }

    private void split(
            StepRows lookups, int f, int[] offsets, int from, int to, long gradient, long target, long spare) {
        FieldLayout.Place place = layout.places().get(f);
        int[] rows = lookups.rowOfLookup();
        int first = lookups.firstLookup(f);
        boolean isMean = place.field().pooling() == Pooling.MEAN;
        for (int b = from; b < to; b++) {
            long source = gradient + b * layout.rowSize() + place.columnOffset();
            float factor = isMean ? 2f / (offsets[b + 1] - offsets[b]) : 1; // two lookups a key
            for (int at = offsets[b]; at < offsets[b + 1]; at += 2) {
                int row = first + at;
                long side = target + 4L * lookups.sideColumn(f, at);
                compositions[f].split(rows[row], rows[row + 1], source, factor, side, spare);
            }
        }
    }
}
