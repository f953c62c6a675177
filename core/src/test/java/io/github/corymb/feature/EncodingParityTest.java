package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// What is trained on is what is served: a row encoded within a chunk of any size, from columns as a reader of files
/// gives them, equals the row encoded as a request.
final class EncodingParityTest {

    private static final List<String> LIST_COLUMNS = List.of("history", "tags", "vector");
    private static final List<String> TEXT_COLUMNS = List.of("city", "genres", "seen");
    private static final List<String> INTEGER_COLUMNS = List.of("user", "age", "flag");

    @Property(seed = "2026", tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aChunkEqualsItsRowsAsRequests(
            @ForAll("rows") List<Map<String, Object>> rows, @ForAll @IntRange(min = 1, max = 13) int chunk) {
        FeatureFitter fitter = new FeatureFitter(new FeatureSchema(features()), 2026);
        fitter.add(chunk(rows), rows.size(), 1);
        FeatureSchema schema = fitter.finish();
        FeatureEncoder encoder = new FeatureEncoder(schema);
        Batch chunked = schema.batch();
        Batch single = schema.batch();
        for (int from = 0; from < rows.size(); from += chunk) {
            List<Map<String, Object>> some = rows.subList(from, Math.min(rows.size(), from + chunk));
            encoder.encode(chunk(some), some.size(), chunked);
            for (int row = 0; row < some.size(); row++) {
                encoder.encode(Column.ofRequest(some.get(row)), 1, single);
                assertSameRow(single, chunked, row);
            }
        }
    }

    private static void assertSameRow(Batch single, Batch chunked, int row) {
        for (int field = 0; field < chunked.fields().size(); field++) {
            assertArrayEquals(
                    keys(single.fields().get(field), 0), keys(chunked.fields().get(field), row));
        }
        int width = chunked.numericWidth();
        assertArrayEquals(
                Arrays.copyOf(single.numeric(), width),
                Arrays.copyOfRange(chunked.numeric(), row * width, (row + 1) * width)); // to the last bit
    }

    private static long[] keys(KeyLists lists, int row) {
        return Arrays.copyOfRange(lists.keys(), lists.offsets()[row], lists.offsets()[row + 1]);
    }

    private static Map<String, Feature> features() {
        Map<String, Feature> features = new LinkedHashMap<>();
        features.put("user", new Feature.Categorical(Side.USER, null, null, null, null, null));
        features.put("city", new Feature.Categorical(null, null, null, null, 4, List.of("a", "7", "é")));
        features.put("code", new Feature.Categorical(null, null, null, null, null, null));
        features.put("flag", new Feature.Categorical(null, null, null, null, null, null));
        features.put("genres", new Feature.Bag(null, null, null, null, null, null, "|", 2));
        features.put("tags", new Feature.Bag(null, null, null, "city", null, Pooling.SUM, null, null));
        features.put("history", new Feature.Sequence(null, null, null, "user", null, null, null, 3));
        features.put("seen", new Feature.Sequence(null, null, null, null, 5, null, "||", 2));
        features.put("vector", new Feature.Dense(null, null, null, 3));
        for (Scaling scaling : Scaling.values()) {
            String column = scaling == Scaling.MIN_MAX ? "age" : "price";
            features.put("scaled_" + scaling, new Feature.Numeric(null, column, null, scaling, null, null));
        }
        return features;
    }

    @Provide
    Arbitrary<List<Map<String, Object>>> rows() {
        Arbitrary<Long> integers = Arbitraries.oneOf(Arbitraries.longs().between(-3, 9), Arbitraries.longs());
        Arbitrary<String> words = Arbitraries.of("a", "7", "é", "||", "|", "b|c|7", "", "042", "x||y||z|");
        Arbitrary<Double> numbers = Arbitraries.doubles().between(-1e9, 1e9);
        Map<String, Arbitrary<?>> columns = new LinkedHashMap<>();
        columns.put("user", integers);
        columns.put("age", Arbitraries.longs().between(0, 99));
        columns.put("flag", Arbitraries.of(true, false));
        columns.put("city", words);
        columns.put("genres", words);
        columns.put("seen", words);
        columns.put("code", Arbitraries.of(3.0, 1.5, -0.0, 1e300));
        columns.put("price", numbers);
        columns.put("history", integers.injectNull(0.2).list().ofMaxSize(6));
        columns.put("tags", words.injectNull(0.2).list().ofMaxSize(4));
        columns.put("vector", numbers.list().ofSize(3));
        List<Arbitrary<Object>> values = new ArrayList<>();
        columns.forEach((_, arbitrary) -> values.add(arbitrary.asGeneric().injectNull(0.2)));
        List<String> names = List.copyOf(columns.keySet());
        return Combinators.combine(values)
                .as(row -> {
                    Map<String, Object> named = new LinkedHashMap<>();
                    for (int at = 0; at < names.size(); at++) {
                        named.put(names.get(at), row.get(at));
                    }
                    return named;
                })
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    /// Columns as a reader of files gives them: of one kind whatever the rows hold, with arrays longer than the rows.
    private static Map<String, Column> chunk(List<Map<String, Object>> rows) {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (String name : rows.getFirst().keySet()) {
            List<Object> values = new ArrayList<>();
            rows.forEach(row -> values.add(row.get(name)));
            columns.put(name, LIST_COLUMNS.contains(name) ? lists(name, values) : scalars(name, values));
        }
        return columns;
    }

    private static Column lists(String name, List<?> rows) {
        int[] offsets = new int[rows.size() + 1 + 5];
        boolean[] nulls = new boolean[rows.size() + 5];
        List<Object> entries = new ArrayList<>(Arrays.asList(null, null)); // the first list need not begin at 0
        offsets[0] = entries.size();
        for (int row = 0; row < rows.size(); row++) {
            nulls[row] = rows.get(row) == null;
            if (rows.get(row) instanceof List<?> list) {
                entries.addAll(list);
            }
            offsets[row + 1] = entries.size();
        }
        return new Column.Lists(offsets, scalars(name, entries), nulls);
    }

    private static Column scalars(String name, List<?> rows) {
        int length = rows.size() + 5;
        boolean[] nulls = new boolean[length];
        for (int row = 0; row < rows.size(); row++) {
            nulls[row] = rows.get(row) == null;
        }
        if (TEXT_COLUMNS.contains(name) || name.equals("tags")) {
            return texts(rows, nulls);
        } else if (INTEGER_COLUMNS.contains(name) || name.equals("history")) {
            long[] values = new long[length];
            Arrays.fill(values, 77);
            for (int row = 0; row < rows.size(); row++) {
                values[row] = rows.get(row) instanceof Boolean bool
                        ? (bool ? 1 : 0)
                        : rows.get(row) instanceof Long integer ? integer : 77;
            }
            return new Column.Longs(values, nulls);
        }
        double[] values = new double[length];
        Arrays.fill(values, Double.NaN);
        for (int row = 0; row < rows.size(); row++) {
            values[row] = rows.get(row) instanceof Double number ? number : Double.NaN;
        }
        return new Column.Doubles(values, nulls);
    }

    private static Column texts(List<?> rows, boolean[] nulls) {
        ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
        utf8.writeBytes(new byte[] {'?', '?'}); // the first text need not begin at 0
        int[] offsets = new int[nulls.length + 1];
        offsets[0] = utf8.size();
        for (int row = 0; row < rows.size(); row++) {
            utf8.writeBytes(rows.get(row) instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : new byte[0]);
            offsets[row + 1] = utf8.size();
        }
        utf8.writeBytes(new byte[] {'?'});
        return new Column.Texts(utf8.toByteArray(), offsets, nulls);
    }
}
