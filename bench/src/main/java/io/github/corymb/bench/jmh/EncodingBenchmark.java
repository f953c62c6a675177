package io.github.corymb.bench.jmh;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Column;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureEncoder;
import io.github.corymb.feature.FeatureSchema;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Columns as a reader gives them to keys of a batch. An operation is a row.
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodingBenchmark {

    private static final int ROWS = 8192;
    private static final List<String> TAGS = List.of("action", "comedy", "drama", "horror", "musical", "thriller");

    private Coder integers;
    private Coder texts;
    private Coder separated;
    private Coder lists;

    /// One feature over one column.
    private record Coder(FeatureEncoder encoder, Map<String, Column> columns, Batch batch) {

        static Coder of(Feature feature, List<?> values) {
            FeatureSchema schema = new FeatureSchema(Map.of("x", feature));
            return new Coder(new FeatureEncoder(schema), Map.of("x", Column.ofRows(values)), schema.batch());
        }

        Batch encode() {
            encoder.encode(columns, ROWS, batch);
            return batch;
        }
    }

    @Setup(Level.Trial)
    public void make() {
        SplittableRandom random = new SplittableRandom(1);
        Feature categorical = new Feature.Categorical(null, null, null, null, null, null);
        Feature bag = new Feature.Bag(null, null, null, null, null, null, null, null);
        Feature bagOfText = new Feature.Bag(null, null, null, null, null, null, "|", null);
        List<Long> ids = random.longs(ROWS, 0, 1_000_000).boxed().toList();
        List<List<String>> tags = IntStream.range(0, ROWS)
                .mapToObj(
                        _ -> random.ints(3, 0, TAGS.size()).mapToObj(TAGS::get).toList())
                .toList();
        integers = Coder.of(categorical, ids);
        texts = Coder.of(categorical, ids.stream().map(id -> "item-" + id).toList());
        separated = Coder.of(
                bagOfText, tags.stream().map(row -> String.join("|", row)).toList());
        lists = Coder.of(bag, tags);
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public Batch categoricalIntegers() {
        return integers.encode();
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public Batch categoricalTexts() {
        return texts.encode();
    }

    /// Bags of three in one text a row.
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public Batch bagsOfSeparatedText() {
        return separated.encode();
    }

    /// Bags of three in a column of lists.
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public Batch bagsOfLists() {
        return lists.encode();
    }
}
