package io.github.corymb.bundle;

import io.github.corymb.embedding.DirectFloats;
import io.github.corymb.embedding.FrozenTables;
import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Column;
import io.github.corymb.feature.FeatureEncoder;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Side;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// One side of a graph's input, from columns of values to tensors: that of the user and the context, or that of the
/// items; or both, where each row has a user of its own. The same code encodes and looks up as in training.
///
/// Any number of threads may use it at once, each with [Rows] of its own. Whoever opened it closes it; those of a
/// [ServingBundle] are the bundle's.
public final class InputSide implements AutoCloseable {

    private final FeatureEncoder encoder;
    private final List<FrozenTables> sets; // one that all tasks share, or one a task; none without embedded features
    private final List<GraphSignature.Input> inputs; // of the sets one after the other, then those of no table
    private final int embeddedCount;
    private final DirectFloats memory = new DirectFloats(); // of all rows

    private InputSide(FeatureEncoder encoder, List<FrozenTables> sets, List<GraphSignature.Input> inputs) {
        this.encoder = encoder;
        this.sets = List.copyOf(sets);
        this.inputs = inputs;
        this.embeddedCount =
                (int) inputs.stream().filter(input -> input.table() != null).count();
    }

    static InputSide open(FeatureSchema schema, GraphSignature graph, boolean ofItem, Path tables) throws IOException {
        Set<Side> sides = ofItem ? EnumSet.of(Side.ITEM) : EnumSet.of(Side.USER, Side.CONTEXT);
        return open(schema, sides, graph.inputs(ofItem), tables);
    }

    /// Opens both sides as one.
    ///
    /// @param tables the folder of the tables' files
    /// @throws InputException where they are not those of the graph's inputs
    public static InputSide openBoth(FeatureSchema schema, GraphSignature graph, Path tables) throws IOException {
        return open(schema, EnumSet.allOf(Side.class), graph.inputs(), tables);
    }

    private static InputSide open(FeatureSchema schema, Set<Side> sides, List<GraphSignature.Input> inputs, Path tables)
            throws IOException {
        FeatureEncoder encoder = new FeatureEncoder(schema, sides);
        List<FrozenTables> sets = new ArrayList<>();
        try {
            for (List<Field> fields : fields(schema, inputs)) {
                sets.add(FrozenTables.open(tables, fields));
            }
            return new InputSide(encoder, sets, inputs);
        } catch (IOException | RuntimeException fault) {
            sets.forEach(FrozenTables::close);
            throw fault;
        }
    }

    /// The fields of each set of tables, in the order of the schema, as the encoder numbers them.
    private static List<List<Field>> fields(FeatureSchema schema, List<GraphSignature.Input> inputs) {
        Map<String, List<Field>> sets = new LinkedHashMap<>();
        for (GraphSignature.Input input : inputs) {
            if (input.table() != null) {
                Field known = schema.fields().stream()
                        .filter(field -> field.name().equals(input.feature()))
                        .findFirst()
                        .orElseThrow(() -> new InputException("serving.json: input '%s': no embedded feature '%s'"
                                .formatted(input.name(), input.feature())));
                sets.computeIfAbsent(String.valueOf(input.task()), _ -> new ArrayList<>())
                        .add(new Field(known.name(), input.table(), input.width(), known.pooling(), known.side()));
            }
        }
        return List.copyOf(sets.values());
    }

    /// The graph's inputs that this side fills, in the order of [Rows#tensors()].
    public List<GraphSignature.Input> inputs() {
        return inputs;
    }

    /// Rows to fill, for one thread, to be used again and again until this side is closed, and their memory with it.
    /// They grow to twice the most that was filled, and what they outgrow stays until then: as much again at most.
    public Rows rows() {
        return new Rows(encoder.batch(), inputs, memory);
    }

    /// Encodes the first `rowCount` rows of the columns, looks up what is embedded, and leaves the tensors in `into`.
    ///
    /// @param columns each under its name; those that no feature of this side reads are ignored
    /// @throws InputException for a column that is absent, and a value that a feature cannot be; `into` then holds
    ///     nothing of use
    public void fill(Map<String, Column> columns, int rowCount, Rows into) {
        encoder.encode(columns, rowCount, into.batch);
        gather(into.batch, into);
    }

    /// What one embedded feature asks of its table.
    ///
    /// @param keyCount of all rows together; a category's NULL is a key, too
    /// @param unknownCount how many of them no table has a row for
    public record Lookups(String feature, long keyCount, long unknownCount) {}

    /// Encodes the first `rowCount` rows, and tells what each embedded feature would look up, once a set of tables;
    /// `into` holds nothing of use then.
    ///
    /// @throws InputException as [#fill(Map, int, Rows)]
    public List<Lookups> lookups(Map<String, Column> columns, int rowCount, Rows into) {
        encoder.encode(columns, rowCount, into.batch);
        List<Lookups> lookups = new ArrayList<>();
        int fieldCount = into.batch.fields().size();
        for (int set = 0; set < sets.size(); set++) {
            long[] unknown = sets.get(set).unknownCounts(into.batch);
            for (int f = 0; f < fieldCount; f++) {
                String feature = inputs.get(set * fieldCount + f).feature();
                lookups.add(new Lookups(feature, into.batch.fields().get(f).keyCount(), unknown[f]));
            }
        }
        return lookups;
    }

    /// As [#fill(Map, int, Rows)], for rows that are encoded already by an encoder of this side's features.
    public void gather(Batch batch, Rows into) {
        into.reset(batch.rowCount());
        int fieldCount = batch.fields().size();
        for (int set = 0; set < sets.size(); set++) {
            sets.get(set).gather(batch, into.tensors.subList(set * fieldCount, (set + 1) * fieldCount));
        }
        int column = 0;
        for (int at = embeddedCount; at < inputs.size(); at++) {
            int width = inputs.get(at).width();
            for (int b = 0; b < batch.rowCount(); b++) {
                into.tensors.get(at).put(b * width, batch.numeric(), b * batch.numericWidth() + column, width);
            }
            column += width;
        }
    }

    long unknownCount() {
        return sets.stream().mapToLong(FrozenTables::unknownCount).sum();
    }

    @Override
    public void close() {
        sets.forEach(FrozenTables::close);
        memory.close();
    }

    /// The tensors of some rows, one an input of the side: [rows, width] each.
    public static final class Rows {

        private final Batch batch;
        private final List<GraphSignature.Input> inputs;
        private final DirectFloats memory;
        private final List<FloatBuffer> tensors;
        private int rowCount;
        private int capacity; // rows

        private Rows(Batch batch, List<GraphSignature.Input> inputs, DirectFloats memory) {
            this.batch = batch;
            this.inputs = inputs;
            this.memory = memory;
            this.tensors = new ArrayList<>();
            reset(0);
        }

        public int rowCount() {
            return rowCount;
        }

        /// In the order of [InputSide#inputs()]: direct, in native byte order, from position 0 to their limit; valid
        /// until these rows are filled again.
        public List<FloatBuffer> tensors() {
            return tensors;
        }

        /// Takes over rows of others, one after the other.
        ///
        /// @param parts of the same side, with as many rows as are wanted of each, or one for all of them
        /// @param counts how many are wanted of each
        public void join(List<Rows> parts, int[] counts) {
            reset(IntStream.of(counts).sum());
            for (int at = 0; at < inputs.size(); at++) {
                FloatBuffer into = tensors.get(at);
                int width = inputs.get(at).width();
                int row = 0;
                for (int part = 0; part < counts.length; part++) {
                    FloatBuffer from = parts.get(part).tensors.get(at);
                    int step = parts.get(part).rowCount == counts[part] ? counts[part] : 1; // rows
                    for (int end = row + counts[part]; row < end; row += step) {
                        into.put(row * width, from, 0, step * width);
                    }
                }
            }
        }

        private void reset(int count) {
            if (tensors.isEmpty() || count > capacity) {
                capacity = Math.max(count, 2 * capacity);
                tensors.clear();
                inputs.forEach(input -> tensors.add(memory.zeros(Math.multiplyExact(capacity, input.width()))));
            }
            rowCount = count;
            for (int at = 0; at < inputs.size(); at++) {
                tensors.get(at).position(0).limit(count * inputs.get(at).width());
            }
        }
    }
}
