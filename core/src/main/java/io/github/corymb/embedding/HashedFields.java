package io.github.corymb.embedding;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.KeyLists;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The keys under which tables keep the rows of a batch: the batch's own where a table does not hash, others in lists
/// that are reused. One thread at a time.
final class HashedFields {

    private final FieldLayout layout;
    private final List<Hashing> hashings; // [F]
    private final List<KeyLists> hashed; // [F], null where the batch's own serve

    HashedFields(FieldLayout layout, List<TableContent> tables) {
        this.layout = layout;
        hashings = layout.places().stream()
                .map(place -> tables.get(place.table()).hashing())
                .toList();
        hashed = new ArrayList<>(Collections.nCopies(hashings.size(), null));
    }

    /// The lists of all fields, valid until the next batch's.
    List<KeyLists> of(Batch batch) {
        List<KeyLists> all = new ArrayList<>(hashings.size());
        for (int f = 0; f < hashings.size(); f++) {
            all.add(batch.fields().get(layout.places().get(f).source()));
            if (!hashings.get(f).equals(Hashing.NONE)) {
                if (hashed.get(f) == null) {
                    hashed.set(f, new KeyLists());
                }
                hash(hashings.get(f), all.get(f), hashed.get(f));
                all.set(f, hashed.get(f));
            }
        }
        return all;
    }

    private static void hash(Hashing hashing, KeyLists source, KeyLists target) {
        target.clear();
        for (int b = 0; b < source.rowCount(); b++) {
            int from = source.offsets()[b];
            int count = source.offsets()[b + 1] - from;
            int at = target.addRow(hashing.width() * count);
            hashing.map(source.keys(), from, count, target.keys(), at);
        }
    }
}
