package io.github.corymb.data;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.KeyLists;
import io.github.corymb.feature.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Small sources, features and tasks for tests of datasets.
final class Fixture {

    /// Every row is trained on.
    static final SplitSpec ALL_TRAIN = new SplitSpec.Random(0.0, 0.0);

    private Fixture() {}

    static Path write(Path folder, String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes what a query gives to a file, by DuckDB.
    static Path copy(Path folder, String query, String name, String format) {
        try (DuckDb database = new DuckDb(folder, 1L << 28, 2)) {
            Path file = folder.resolve(name);
            database.execute("COPY (" + query + ") TO " + Sql.literal(file.toString()) + " (" + format + ")");
            return file;
        }
    }

    static DataSpec spec(String source, SplitSpec split) {
        return new DataSpec(source, split, null, null, null, null);
    }

    /// Features that may know the label.
    static Map<String, Feature> categorical(String... names) {
        Map<String, Feature> features = new LinkedHashMap<>();
        Arrays.stream(names)
                .forEach(name -> features.put(name, new Feature.Categorical(null, null, true, null, null, null)));
        return features;
    }

    static Map<String, Task> binary(String name, String label) {
        Map<String, Task> tasks = new LinkedHashMap<>();
        tasks.put(name, new Task.Binary(label, null, null, null));
        return tasks;
    }

    static Dataset load(Path folder, DataSpec spec, Map<String, Feature> features, Map<String, Task> tasks) {
        return Dataset.load(spec, folder, features, tasks, 7, Optional.empty(), LoadListener.NONE);
    }

    /// A split's rows in order.
    static LabelledBatch rows(Dataset dataset, Split split) {
        LabelledBatch batch = dataset.batch();
        dataset.fill(split, null, 0, dataset.rowCount(split), batch);
        return batch;
    }

    /// The keys of each row of a field.
    static List<List<Long>> keys(LabelledBatch batch, int field) {
        KeyLists lists = batch.inputs().fields().get(field);
        List<List<Long>> rows = new ArrayList<>();
        for (int row = 0; row < batch.rowCount(); row++) {
            rows.add(Arrays.stream(lists.keys(), lists.offsets()[row], lists.offsets()[row + 1])
                    .boxed()
                    .toList());
        }
        return rows;
    }

    /// Everything that a batch holds, as text.
    static String contents(LabelledBatch batch) {
        int rowCount = batch.rowCount();
        StringBuilder text = new StringBuilder();
        for (int field = 0; field < batch.inputs().fields().size(); field++) {
            text.append(keys(batch, field)).append('\n');
        }
        int width = batch.inputs().numericWidth();
        text.append(Arrays.toString(Arrays.copyOf(batch.inputs().numeric(), rowCount * width)));
        for (int k = 0; k < batch.labels().length; k++) {
            text.append(Arrays.toString(Arrays.copyOf(batch.labels()[k], rowCount)));
            text.append(Arrays.toString(Arrays.copyOf(batch.weights()[k], rowCount)));
        }
        return text.append(Arrays.toString(Arrays.copyOf(batch.users(), rowCount)))
                .toString();
    }

    /// A number that two batches share where all that they hold is equal, and hardly otherwise.
    static int fingerprint(LabelledBatch batch) {
        int rowCount = batch.rowCount();
        int hash = Arrays.hashCode(Arrays.copyOf(batch.users(), rowCount));
        for (KeyLists lists : batch.inputs().fields()) {
            hash = 31 * hash + Arrays.hashCode(Arrays.copyOf(lists.keys(), lists.keyCount()));
            hash = 31 * hash + Arrays.hashCode(Arrays.copyOf(lists.offsets(), rowCount + 1));
        }
        int width = batch.inputs().numericWidth();
        hash = 31 * hash + Arrays.hashCode(Arrays.copyOf(batch.inputs().numeric(), rowCount * width));
        for (int k = 0; k < batch.labels().length; k++) {
            hash = 31 * hash + Arrays.hashCode(Arrays.copyOf(batch.labels()[k], rowCount));
            hash = 31 * hash + Arrays.hashCode(Arrays.copyOf(batch.weights()[k], rowCount));
        }
        return hash;
    }
}
