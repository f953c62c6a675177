package io.github.corymb.data;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a source in two passes over a table of its rows: one learns from the training rows, if there is anything to
/// learn, and one encodes all. Used once.
final class DatasetLoader {

    private final DataSpec spec;
    private final Path folder;
    private final long seed;
    private final Reading reading;
    private final LoadListener listener;
    private final List<RowCache> caches = new ArrayList<>();
    private final List<TextColumnBuilder> texts = new ArrayList<>();
    private FeatureSchema schema;
    private List<FittedTask> tasks;
    private SplitSummary summary;
    private CacheMemory memory;
    private LabelCount[][] counts; // [K, splits]
    private DuckDb database;
    private Optional<Map<Path, String>> origins = Optional.empty(); // digests by file, where rows can be kept

    DatasetLoader(DataSpec spec, Path folder, long seed, Reading reading, LoadListener listener) {
        this.spec = spec;
        this.folder = folder;
        this.seed = seed;
        this.reading = reading;
        this.listener = listener;
    }

    /// Learns what is to be learned from the training rows, or takes what an earlier reading of the same left.
    Dataset fit(Map<String, Feature> features, Map<String, Task> unfitted, Optional<KeptRows> kept) {
        schema = new FeatureSchema(features);
        if (kept.isEmpty()) {
            return load(unfitted, null, false);
        }
        String name = kept.get().name(spec, folder, features, unfitted, seed);
        Optional<EncodedSource> found = kept.get().find(name);
        if (found.isPresent()) {
            return new Dataset(found.get(), true, reading, List.of(), null);
        }
        Dataset dataset = load(unfitted, null, true);
        origins.ifPresent(files -> kept.get().keep(name, files, encoded()));
        return dataset;
    }

    Dataset read(FeatureSchema fitted, List<FittedTask> fittedTasks) {
        schema = fitted;
        Map<String, Task> byName = new LinkedHashMap<>();
        fittedTasks.forEach(task -> byName.put(task.name(), task.task()));
        return load(byName, fittedTasks, false);
    }

    private Dataset load(Map<String, Task> byName, List<FittedTask> fittedTasks, boolean keep) {
        database = SourceTable.database(spec, folder);
        boolean loaded = false;
        try {
            listener.progress("read", 0, 0);
            SourceSql source = SourceSql.of(database, spec.source(), folder);
            ReadPlan plan =
                    SourceTable.plan(database, spec, source, schema.features(), schema.columns(), byName, reading);
            if (fittedTasks == null) {
                LeakCheck.check(database, source, schema.features(), byName);
            }
            if (keep) {
                origins = SourceFiles.of(database, source, folder, byName).flatMap(KeptRows::digests);
            }
            SourceTable table =
                    SourceTable.read(database, spec, source, plan, schema.columns(), SourceTable.ROW_COUNT_LIMIT + 1L);
            listener.progress("split", 0, table.rowCount());
            Splitter splitter = new Splitter(database, SourceTable.TABLE, table.rowCount());
            Splitter.Division division =
                    reading.split() ? splitter.divide(spec.split(), seed) : splitter.all(Split.TEST);
            summary = division.summary();
            if (fittedTasks == null) {
                RowFitter fitter = new RowFitter(table, schema, byName, seed, listener);
                fitter.run(division.of());
                schema = fitter.schema();
                tasks = fitter.tasks();
            } else {
                tasks = List.copyOf(fittedTasks);
            }
            encode(table, division.of());
            loaded = true;
            return new Dataset(encoded(), false, reading, texts, reading.kept() == null ? null : database);
        } finally {
            if (!loaded && memory != null) {
                memory.close();
            }
            if (!loaded || reading.kept() == null) {
                database.close();
            }
        }
    }

    private void encode(SourceTable table, byte[] splitOf) {
        CachedRow layout = CachedRow.of(schema, tasks.size());
        memory = new CacheMemory(spec.memoryBytes(), Path.of(System.getProperty("java.io.tmpdir")));
        for (int split = 0; split < Split.values().length; split++) {
            caches.add(new RowCache(layout, memory));
        }
        reading.texts().forEach(name -> texts.add(new TextColumnBuilder(name)));
        counts = new LabelCount[tasks.size()][Split.values().length];
        Arrays.stream(counts).forEach(row -> Arrays.fill(row, LabelCount.NONE));
        boolean users = spec.user() != null && reading.labels();
        RowReader reader = new RowReader(table, schema, tasks, reading, users);
        reader.run((rows, firstRow, count, textColumns) -> {
            route(rows, firstRow, count, splitOf);
            for (int index = 0; index < texts.size(); index++) {
                for (int row = 0; row < count; row++) {
                    texts.get(index).add(splitOf[firstRow + row], textColumns.get(index)[row]);
                }
            }
            listener.progress("encode", firstRow + count, table.rowCount());
        });
        caches.forEach(RowCache::finish);
    }

    /// Adds the rows of a chunk to the caches of their splits.
    private void route(EncodedRows rows, int firstRow, int count, byte[] splitOf) {
        int[] chosen = new int[count];
        for (int split = 0; split < caches.size(); split++) {
            int chosenCount = 0;
            for (int row = 0; row < count; row++) {
                if (splitOf[firstRow + row] == split) {
                    chosen[chosenCount++] = row;
                }
            }
            caches.get(split).add(rows, chosen, chosenCount);
            for (int k = 0; k < counts.length; k++) {
                LabelCount total = counts[k][split];
                for (int i = 0; i < chosenCount; i++) {
                    total = total.plus(rows.labels()[k][chosen[i]], rows.weights()[k][chosen[i]]);
                }
                counts[k][split] = total;
            }
        }
    }

    private EncodedSource encoded() {
        List<List<LabelCount>> byTask = Arrays.stream(counts).map(List::of).toList();
        return new EncodedSource(schema, tasks, summary, byTask, caches, memory);
    }
}
