package io.github.corymb.feature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Encodes rows for the model: the one code for a chunk of training rows, a chunk to predict, and a single request.
/// Immutable, and safe to share among threads that have batches of their own.
public final class FeatureEncoder {

    private record Entry(String subject, String column, ColumnEncoder encoder) {}

    private final FeatureSchema schema;
    private final List<Entry> entries;
    private final int fieldCount;
    private final int numericWidth;

    /// Encodes all features.
    ///
    /// @throws IllegalStateException where the schema lacks the statistics of a feature that is scaled by them
    public FeatureEncoder(FeatureSchema schema) {
        this(schema, EnumSet.allOf(Side.class));
    }

    /// Encodes the features of these sides alone, into batches of [#batch()]: what serving does once a request, and
    /// once an item.
    public FeatureEncoder(FeatureSchema schema, Set<Side> sides) {
        this.schema = schema;
        List<Entry> list = new ArrayList<>();
        Map<String, FeatureTable> tables = schema.tables();
        int field = 0;
        int offset = 0;
        for (Map.Entry<String, Feature> entry : schema.features().entrySet()) {
            String name = entry.getKey();
            Feature feature = entry.getValue();
            if (!sides.contains(feature.side())) {
                continue;
            }
            String table = FeatureTable.nameOf(name, feature);
            List<String> vocabulary = table == null ? null : tables.get(table).vocabulary();
            ColumnEncoder encoder = encoder(feature, schema.statistics().get(name), vocabulary, field, offset);
            list.add(new Entry("feature '" + name + "'", feature.columnOr(name), encoder));
            field += table == null ? 0 : 1;
            offset += FeatureSchema.numericWidth(feature);
        }
        this.entries = List.copyOf(list);
        this.fieldCount = field;
        this.numericWidth = offset;
    }

    /// An empty batch of the right widths.
    public Batch batch() {
        return new Batch(fieldCount, numericWidth);
    }

    public FeatureSchema schema() {
        return schema;
    }

    /// As [#encode(Map, int, long, Batch)], with rows numbered from 1.
    public void encode(Map<String, Column> columns, int rowCount, Batch into) {
        encode(columns, rowCount, 1, into);
    }

    /// Encodes the first `rowCount` rows of the columns, each under its name, into a batch, whose rows before are
    /// forgotten. Columns that no feature reads are ignored.
    ///
    /// @param firstRow the number of the first row, counted over the whole input from 1, for error messages
    /// @throws InputException for a column that is absent, and a value that a feature cannot be, with feature and
    ///     row; the batch then holds nothing of use
    public void encode(Map<String, Column> columns, int rowCount, long firstRow, Batch into) {
        if (into.fields().size() != fieldCount || into.numericWidth() != numericWidth) {
            throw new IllegalArgumentException("the batch was not made for this encoder");
        }
        into.reset(rowCount);
        for (Entry entry : entries) {
            Place place = new Place(entry.subject(), firstRow);
            entry.encoder().encode(place.find(columns, entry.column()), rowCount, place, into);
        }
    }

    private static ColumnEncoder encoder(
            Feature feature, FeatureStatistics statistics, List<String> vocabulary, int field, int offset) {
        return switch (feature) {
            case Feature.Categorical _ -> new CategoryEncoder(new KeyReader(vocabulary), field);
            case Feature.Bag bag ->
                new ListEncoder(new KeyReader(vocabulary), utf8(bag.separator()), bag.limit(), false, field);
            case Feature.Sequence sequence ->
                new ListEncoder(new KeyReader(vocabulary), utf8(sequence.separator()), sequence.length(), true, field);
            case Feature.Numeric numeric -> encoder(numeric, statistics, field, offset);
            case Feature.Dense dense -> new DenseEncoder(dense.length(), offset);
        };
    }

    private static ColumnEncoder encoder(Feature.Numeric numeric, FeatureStatistics statistics, int field, int offset) {
        if (statistics == null && numeric.scaling() != Scaling.NONE) {
            throw new IllegalStateException("no statistics were fitted for a feature scaled by " + numeric.scaling());
        }
        if (numeric.scaling() == Scaling.QUANTILE) {
            double[] boundaries = statistics.boundaries().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            return new BucketEncoder(boundaries, field);
        }
        return NumberEncoder.of(numeric.scaling(), statistics, offset);
    }

    private static byte[] utf8(String separator) {
        return separator == null ? null : separator.getBytes(StandardCharsets.UTF_8);
    }
}
