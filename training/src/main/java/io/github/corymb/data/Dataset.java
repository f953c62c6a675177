package io.github.corymb.data;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The rows of a source, encoded once and kept off the heap, or in a file beyond [DataSpec#memory()], for the epochs
/// that follow. The same source, specification and seed give the same rows in the same order. When loaded it is read by
/// any number of threads, each with a batch of its own; closed by who loaded it, when none reads.
public final class Dataset implements AutoCloseable {

    private static final int CHECKED_ROW_LIMIT = 10_000;

    private final EncodedSource rows;
    private final boolean isKept;
    private final Reading reading;
    private final List<TextColumnBuilder> texts;
    private final DuckDb database; // null where no rows are kept in it

    /// Loads DuckDB where it is not loaded yet; later calls find it loaded.
    public static void loadNatives() {
        DuckDbLibrary.load();
    }

    Dataset(EncodedSource rows, boolean isKept, Reading reading, List<TextColumnBuilder> texts, DuckDb database) {
        this.rows = rows;
        this.isKept = isKept;
        this.reading = reading;
        this.texts = texts;
        this.database = database;
    }

    /// Reads a source for training: splits it, learns from the training rows what features and labels need, and encodes
    /// all rows.
    ///
    /// @param folder where relative paths begin: that of the experiment file
    /// @param seed of splits and samples
    /// @param kept where encoded rows of earlier runs are, and these will be; nothing to read and encode them anyway
    /// @throws InputException for whatever is wrong with the data or what is asked of it
    public static Dataset load(
            DataSpec spec,
            Path folder,
            Map<String, Feature> features,
            Map<String, Task> tasks,
            long seed,
            Optional<KeptRows> kept,
            LoadListener listener) {
        if (spec.split() == null) {
            throw new InputException("data.split: expected by: time, hash, random or column, found nothing");
        }
        return new DatasetLoader(spec, folder, seed, Reading.ofSplit(List.of()), listener).fit(features, tasks, kept);
    }

    /// Reads a source for a model that exists.
    ///
    /// @param schema that of the model
    /// @param tasks those of the model
    public static Dataset open(
            DataSpec spec,
            Path folder,
            FeatureSchema schema,
            List<FittedTask> tasks,
            Reading reading,
            long seed,
            LoadListener listener) {
        return new DatasetLoader(spec, folder, seed, reading, listener).read(schema, tasks);
    }

    /// Checks a source against features and tasks without training: names, types, labels that leak, and the values of
    /// the first 10,000 rows.
    ///
    /// @throws InputException for whatever is wrong
    public static void check(DataSpec spec, Path folder, Map<String, Feature> features, Map<String, Task> tasks) {
        FeatureSchema schema = new FeatureSchema(features);
        try (DuckDb database = SourceTable.database(spec, folder)) {
            SourceSql source = SourceSql.of(database, spec.source(), folder);
            Reading reading = new Reading(spec.split() != null, true, List.of(), null);
            ReadPlan plan = SourceTable.plan(database, spec, source, features, schema.columns(), tasks, reading);
            LeakCheck.check(database, source, features, tasks);
            SourceTable rows = SourceTable.read(database, spec, source, plan, schema.columns(), CHECKED_ROW_LIMIT);
            RowFitter fitter = new RowFitter(rows, schema, tasks, 0, LoadListener.NONE);
            fitter.run(new byte[rows.rowCount()]); // all rows are trained on
            new RowReader(rows, fitter.schema(), List.of(), reading, false).run((_, _, _, _) -> {});
        }
    }

    /// The features with what was learned of them.
    public FeatureSchema schema() {
        return rows.schema();
    }

    /// The tasks with what was learned of them, in the order of labels and weights.
    public List<FittedTask> tasks() {
        return rows.tasks();
    }

    public SplitSummary summary() {
        return rows.summary();
    }

    /// Whether the rows were not read now but kept from an earlier run.
    public boolean isKept() {
        return isKept;
    }

    public int rowCount(Split split) {
        return rows.splits().get(split.index()).rowCount();
    }

    /// The labels of a task in a split.
    public LabelCount labelCount(int task, Split split) {
        return rows.counts().get(task).get(split.index());
    }

    /// What is odd about the labels, a line each, such as `task 'love': no positive row in validation`.
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (int k = 0; k < tasks().size() && reading.labels(); k++) {
            for (Split split : Split.values()) {
                LabelCount count = labelCount(k, split);
                String missing = count.labelled() == 0 ? "labelled" : count.positive() == 0 ? "positive" : null;
                boolean binary = tasks().get(k).task() instanceof Task.Binary;
                if (rowCount(split) > 0 && missing != null && (binary || count.labelled() == 0)) {
                    warnings.add("task '" + tasks().get(k).name() + "': no " + missing + " row in " + split.word());
                } else if (binary && rowCount(split) > 0 && count.positive() == count.labelled()) {
                    warnings.add("task '" + tasks().get(k).name() + "': no negative row in " + split.word());
                }
            }
        }
        return warnings;
    }

    /// A batch that [#fill] fills.
    public LabelledBatch batch() {
        return new LabelledBatch(schema().batch(), tasks().size());
    }

    /// Fills a batch with `count` rows of a split: those that `order` holds from place `from` on, or where it is null,
    /// row `from` and those after it. A split's rows are numbered from 0 in the order of the source.
    public void fill(Split split, int[] order, int from, int count, LabelledBatch into) {
        rows.splits().get(split.index()).fill(order, from, count, into);
    }

    /// The training rows in the order of an epoch, counted from 0. It depends on their number, the seed and the epoch
    /// alone.
    public int[] order(long seed, int epoch) {
        return Shuffle.order(rowCount(Split.TRAIN), seed, epoch);
    }

    /// One of the columns that the reading asked for, for the rows of a split.
    public TextColumn textColumn(String name, Split split) {
        return texts.get(reading.texts().indexOf(name)).finish(split);
    }

    /// How many bytes of encoded rows stand in a file.
    public long spilledBytes() {
        return rows.memory().spilledBytes();
    }

    /// Where the rows are whose columns are written with predictions, and which.
    DuckDb database() {
        if (database == null) {
            throw new IllegalStateException("the dataset was not opened to predict");
        }
        return database;
    }

    List<String> kept() {
        return reading.kept();
    }

    @Override
    public void close() {
        rows.memory().close();
        if (database != null) {
            database.close();
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "dataset of %s", summary());
    }
}
