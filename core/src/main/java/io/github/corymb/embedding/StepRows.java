package io.github.corymb.embedding;

import io.github.corymb.feature.InputException;
import io.github.corymb.feature.KeyLists;
import io.github.corymb.feature.Pooling;
import java.util.Arrays;
import java.util.List;

/// The lookups of one training batch: which distinct rows they take, and where in the leaf each is read.
///
/// Lookups are numbered through the fields. They are sorted into parts by table and the upper bits of the key's hash,
/// and keep their order within a part, so that parts share no row and each sums its gradients in the order of
/// fields, rows and keys, whoever does it. In phases, of which each ends before the next begins:
///
/// 1. [#reset(List, int, long)]
/// 2. [#count(int)] for each unit, a stretch of one field's rows
/// 3. [#arrange()]
/// 4. [#sort(int)] for each unit
/// 5. [#find(int, int)] for each part
/// 6. [#insert()] and [#fill(int)] for each part, if there are new keys
///
/// Arrays grow and are reused. Units and parts of one phase may run at once.
final class StepRows {

    private static final int UNIT_ROWS = 2048;
    private static final int PART_LOOKUPS = 2048; // about; what a part touches, sums too, stays in the second cache

    private final FieldLayout layout;
    private final List<EmbeddingTable> tables;
    private final double unknownShare;

    private List<KeyLists> fields; // with the keys under which tables keep rows
    private int rowCount; // B
    private long unknownSeed;
    private int unitsPerField;
    private final int[] firstLookup; // [F + 1]
    private final int[] firstSide; // [F + 1] where the gradients of single rows begin, in floats
    private int[][] partCounts = new int[0][]; // [units][parts of the table], then where the next lookup goes

    private final int[] partBits; // [T] how many upper bits of the hash tell the parts of a table
    private final int[] firstPart; // [T + 1]
    private int[] tableOfPart = new int[0]; // [parts]
    private int[] partStart = new int[1]; // [parts + 1] in what is sorted
    private int[] distinctCounts = new int[0]; // [parts]
    private int[] keyCounts = new int[0]; // [parts] distinct keys but for that of the default row
    private int[] newCounts = new int[0]; // [parts]
    private final List<ReadAhead> aheads; // [workers]
    private final int[][] slots; // [workers][] open addressing: 1 + the distinct key's number in its part, or 0

    private final SortedLookups sorted;

    // as sorted; the distinct keys of a part stand at its start, in order of arrival
    private int[] indices = new int[0]; // where its distinct key stands
    private long[] keys = new long[0]; // distinct
    private int[] rows = new int[0]; // of a distinct key
    private int[] firstLookups = new int[0]; // of a distinct key

    private int[] rowOfLookup = new int[0];
    private int[] newAt = new int[0]; // by lookup: 1 + where the new key that it brings stands, or 0

    /// @param aheads one for each worker
    StepRows(FieldLayout layout, List<EmbeddingTable> tables, double unknownShare, List<ReadAhead> aheads) {
        this.layout = layout;
        this.tables = tables;
        this.unknownShare = unknownShare;
        firstLookup = new int[layout.places().size() + 1];
        firstSide = new int[layout.places().size() + 1];
        partBits = new int[tables.size()];
        firstPart = new int[tables.size() + 1];
        this.aheads = aheads;
        sorted = new SortedLookups(
                layout.places().stream().anyMatch(place -> place.field().pooling() == Pooling.MEAN));
        slots = new int[aheads.size()][0];
    }

    /// Forgets everything and makes room for a batch, which it borrows until the last phase.
    ///
    /// @param fields of the batch, with the keys as [HashedFields] gives them
    /// @param rowCount B
    /// @param unknownSeed of the draws of default rows, different for every step
    void reset(List<KeyLists> fields, int rowCount, long unknownSeed) {
        this.fields = fields;
        this.rowCount = rowCount;
        this.unknownSeed = unknownSeed;
        unitsPerField = Math.ceilDiv(rowCount, UNIT_ROWS);
        int fieldCount = layout.places().size();
        long[] lookupCounts = new long[tables.size()];
        for (int f = 0; f < fieldCount; f++) {
            int count = fields.get(f).keyCount();
            firstLookup[f + 1] = Math.addExact(firstLookup[f], count);
            lookupCounts[layout.places().get(f).table()] += count;
            firstSide[f + 1] = firstSide[f];
            if (hashing(f).isComposed()) {
                long end = firstSide[f] + (long) count * dimension(f);
                if (end > Integer.MAX_VALUE) {
                    throw new InputException(("train.batch: expected at most %,d floats in the rows that tables of"
                                    + " quotient_remainder compose, found %,d; take a smaller batch")
                            .formatted(Integer.MAX_VALUE, end));
                }
                firstSide[f + 1] = (int) end;
            }
        }
        for (int t = 0; t < tables.size(); t++) {
            long wanted = Math.ceilDiv(lookupCounts[t], PART_LOOKUPS);
            partBits[t] = wanted < 2 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(wanted - 1);
            firstPart[t + 1] = firstPart[t] + (1 << partBits[t]);
        }
        makeRoom(firstLookup[fieldCount], firstPart[tables.size()], fieldCount * unitsPerField);
        for (int f = 0; f < fieldCount; f++) {
            int t = layout.places().get(f).table();
            for (int unit = f * unitsPerField; unit < (f + 1) * unitsPerField; unit++) {
                partCounts[unit] = cleared(partCounts[unit], 1 << partBits[t]);
            }
            Arrays.fill(tableOfPart, firstPart[t], firstPart[t + 1], t);
        }
        Arrays.fill(newAt, 0, firstLookup[fieldCount], 0);
    }

    int unitCount() {
        return layout.places().size() * unitsPerField;
    }

    int partCount() {
        return firstPart[tables.size()];
    }

    /// The first part of a table; the next table's is where its parts end.
    int firstPart(int table) {
        return firstPart[table];
    }

    void count(int unit) {
        int f = unit / unitsPerField;
        KeyLists lists = fields.get(f);
        int[] counts = partCounts[unit];
        int bits = partBits[layout.places().get(f).table()];
        long seed = Mix.mix(unknownSeed, layout.places().get(f).source());
        int width = hashing(f).width();
        int end = lists.offsets()[endRow(unit)];
        for (int at = lists.offsets()[startRow(unit)]; at < end; at++) {
            counts[part(key(lists.keys(), at, width, unknownShare, seed), bits)]++;
        }
    }

    void arrange() {
        int at = 0;
        for (int t = 0; t < tables.size(); t++) {
            for (int part = 0; part < 1 << partBits[t]; part++) {
                partStart[firstPart[t] + part] = at;
                for (int unit = 0; unit < unitCount(); unit++) {
                    if (layout.places().get(unit / unitsPerField).table() == t) {
                        int count = partCounts[unit][part];
                        partCounts[unit][part] = at;
                        at += count;
                    }
                }
            }
        }
        partStart[partCount()] = at;
    }

    void sort(int unit) {
        int f = unit / unitsPerField;
        FieldLayout.Place place = layout.places().get(f);
        KeyLists lists = fields.get(f);
        int[] offsets = lists.offsets();
        int[] next = partCounts[unit];
        int bits = partBits[place.table()];
        long seed = Mix.mix(unknownSeed, place.source());
        int width = hashing(f).width();
        boolean isComposed = hashing(f).isComposed();
        boolean isMean = place.field().pooling() == Pooling.MEAN && !isComposed;
        for (int b = startRow(unit); b < endRow(unit); b++) {
            int column = b * layout.width() + place.column();
            float factor = isMean ? 1f / (offsets[b + 1] - offsets[b]) : 1;
            for (int at = offsets[b]; at < offsets[b + 1]; at++) {
                long key = key(lists.keys(), at, width, unknownShare, seed);
                int to = next[part(key, bits)]++;
                sorted.put(to, key, firstLookup[f] + at, isComposed ? sideColumn(f, at) : column, factor);
            }
        }
    }

    /// Finds the distinct keys of a part and their rows.
    void find(int part, int worker) {
        int start = partStart[part];
        int lookupCount = partStart[part + 1] - start;
        slots[worker] = cleared(slots[worker], DistinctKeys.capacity(lookupCount));
        int count = DistinctKeys.find(sorted, keys, indices, firstLookups, start, lookupCount, slots[worker]);
        distinctCounts[part] = count;
        tables.get(tableOfPart[part])
                .content()
                .index()
                .findAll(keys, start, start + count, rows, start, aheads.get(worker));
        int keyCount = count;
        int newCount = 0;
        for (int index = start; index < start + count; index++) {
            if (keys[index] == EmbeddingTable.DEFAULT_KEY) {
                keyCount--;
            } else if (rows[index] == KeyIndex.ABSENT) {
                newAt[firstLookups[index]] = index + 1;
                newCount++;
            }
        }
        keyCounts[part] = keyCount;
        newCounts[part] = newCount;
        if (newCount == 0) {
            spread(part);
        }
    }

    /// How many keys have no row yet. Tells the tables how many they were asked for.
    long countNewKeys() {
        long newCount = 0;
        for (int part = 0; part < partCount(); part++) {
            tables.get(tableOfPart[part]).countLookups(keyCounts[part]);
            newCount += newCounts[part];
        }
        return newCount;
    }

    /// Gives new keys a row, in order of their first lookup, or the default row where they are not admitted.
    void insert() {
        int[] indices = new int[ReadAhead.LIMIT]; // of new keys
        for (int f = 0; f < layout.places().size(); f++) {
            EmbeddingTable table = tables.get(layout.places().get(f).table());
            int count = 0;
            for (int lookup = firstLookup[f]; lookup < firstLookup[f + 1]; lookup++) {
                indices[count] = newAt[lookup] - 1;
                count += newAt[lookup] == 0 ? 0 : 1;
                if (count == ReadAhead.LIMIT || lookup + 1 == firstLookup[f + 1]) {
                    table.content().index().readAhead(keys, indices, count, aheads.getFirst());
                    for (int i = 0; i < count; i++) {
                        rows[indices[i]] = table.admit(keys[indices[i]]);
                    }
                    count = 0;
                }
            }
        }
    }

    /// Gives the new rows of a part their initial weights.
    void fill(int part) {
        if (newCounts[part] == 0) {
            return;
        }
        EmbeddingTable table = tables.get(tableOfPart[part]);
        for (int index = partStart[part]; index < partStart[part] + distinctCounts[part]; index++) {
            if (newAt[firstLookups[index]] == index + 1 && rows[index] != EmbeddingTable.DEFAULT_ROW) {
                table.fill(rows[index], keys[index]);
            }
        }
        spread(part);
    }

    /// Tells the tables which rows were updated.
    void noteUpdates() {
        for (int part = 0; part < partCount(); part++) {
            int start = partStart[part];
            tables.get(tableOfPart[part]).noteUpdated(rows, start, start + distinctCounts[part]);
        }
    }

    /// How many floats the gradients of single rows take, where two make one.
    long sideLength() {
        return firstSide[firstSide.length - 1];
    }

    /// Where the gradient of lookup `at` of a field stands among them.
    int sideColumn(int f, int at) {
        return firstSide[f] + at * dimension(f);
    }

    int firstLookup(int f) {
        return firstLookup[f];
    }

    /// The row of each lookup, after the last phase.
    int[] rowOfLookup() {
        return rowOfLookup;
    }

    int tableOf(int part) {
        return tableOfPart[part];
    }

    /// Where the lookups of a part begin; the next part's begin where they end.
    int start(int part) {
        return partStart[part];
    }

    /// How many distinct rows a part has. In [#rows()] they stand from its start on.
    int distinctCount(int part) {
        return distinctCounts[part];
    }

    SortedLookups sorted() {
        return sorted;
    }

    /// Of each lookup as sorted: where in [#rows()] its row stands.
    int[] indices() {
        return indices;
    }

    int[] rows() {
        return rows;
    }

    /// The distinct keys, as their rows stand.
    long[] keys() {
        return keys;
    }

    /// The most distinct rows times their dimension that a part has.
    long sumLimit() {
        long limit = 0;
        for (int part = 0; part < partCount(); part++) {
            limit = Math.max(
                    limit,
                    (long) distinctCounts[part] * tables.get(tableOfPart[part]).dimension());
        }
        return limit;
    }

    private Hashing hashing(int f) {
        return tables.get(layout.places().get(f).table()).content().hashing();
    }

    private int dimension(int f) {
        return layout.places().get(f).field().dimension();
    }

    private void spread(int part) {
        for (int at = partStart[part]; at < partStart[part + 1]; at++) {
            rowOfLookup[sorted.lookup(at)] = rows[indices[at]];
        }
    }

    /// @param width lookups a value, which are unknown together
    private static long key(long[] keys, int at, int width, double unknownShare, long unknownSeed) {
        boolean isUnknown = unknownShare > 0 && Mix.unit(Mix.mix(unknownSeed, at / width)) < unknownShare;
        return isUnknown ? EmbeddingTable.DEFAULT_KEY : keys[at];
    }

    private static int part(long key, int bits) {
        return (int) ((Mix.mix(key) >>> 1) >>> (63 - bits)); // two shifts, since a shift by 64 is none
    }

    private int startRow(int unit) {
        return unit % unitsPerField * UNIT_ROWS;
    }

    private int endRow(int unit) {
        return Math.min(rowCount, startRow(unit) + UNIT_ROWS);
    }

    private void makeRoom(int lookupCount, int partCount, int unitCount) {
        if (keys.length < lookupCount) {
            int capacity = Math.max(lookupCount, (int) Math.min(SortedLookups.LIMIT, 2L * keys.length));
            sorted.grow(capacity);
            keys = new long[capacity];
            indices = new int[capacity];
            rows = new int[capacity];
            firstLookups = new int[capacity];
            rowOfLookup = new int[capacity];
            newAt = new int[capacity];
        }
        if (tableOfPart.length < partCount) {
            tableOfPart = new int[partCount];
            partStart = new int[partCount + 1];
            distinctCounts = new int[partCount];
            keyCounts = new int[partCount];
            newCounts = new int[partCount];
        }
        if (partCounts.length < unitCount) {
            partCounts = Arrays.copyOf(partCounts, unitCount);
        }
    }

    /// `array`, or a longer one, with zeros in its first `length` places.
    private static int[] cleared(int[] array, int length) {
        if (array == null || array.length < length) {
            return new int[length];
        }
        Arrays.fill(array, 0, length, 0);
        return array;
    }
}
