package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.embedding.EmbeddingTable;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.embedding.TableSpec;
import io.github.corymb.embedding.TableSpecs;
import io.github.corymb.embedding.TablesSnapshot;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The embedding tables of a model that learns: one set that all tasks share, or one a task for a model whose tasks
/// share nothing.
///
/// Used by one thread. Whoever made it closes it.
final class TableSets implements AutoCloseable {

    private final Experiment experiment;
    private final List<List<Field>> fields; // of each set
    private final TableSpecs specs;
    private List<EmbeddingTables> sets;

    /// Empty tables.
    TableSets(Experiment experiment, FeatureSchema schema, List<FittedTask> tasks) {
        this.experiment = experiment;
        this.fields = fields(experiment.model(), schema, tasks);
        this.specs = specs(experiment, tasks);
        this.sets = fields.stream()
                .map(each -> new EmbeddingTables(
                        each,
                        experiment.train().embedding(),
                        specs,
                        experiment.seed(),
                        experiment.train().threads()))
                .toList();
    }

    /// The specs of all tables by the names they have in their sets.
    private static TableSpecs specs(Experiment experiment, List<FittedTask> tasks) {
        Map<String, TableSpec> specs = new HashMap<>();
        experiment.tables().forEach((table, spec) -> {
            if (experiment.model().ownTables()) {
                tasks.forEach(task -> specs.put(ownName(task, table), spec));
            } else {
                specs.put(table, spec);
            }
        });
        return new TableSpecs(
                specs, experiment.train().tableBound(), experiment.train().tableStorage());
    }

    /// What a table is called in the set that a task has of its own.
    private static String ownName(FittedTask task, String table) {
        return task.name() + "." + table;
    }

    /// The fields of each set that a model reads. A set of its own gives a task's tables names
    /// that begin with the task's.
    static List<List<Field>> fields(ModelSpec model, FeatureSchema schema, List<FittedTask> tasks) {
        if (!model.ownTables()) {
            return List.of(schema.fields());
        }
        return tasks.stream()
                .map(task -> schema.fields().stream()
                        .map(field -> new Field(
                                field.name(),
                                ownName(task, field.table()),
                                field.dimension(),
                                field.pooling(),
                                field.side()))
                        .toList())
                .toList();
    }

    List<EmbeddingTables> sets() {
        return sets;
    }

    /// Writes all tables into a folder, which is made.
    void write(Path folder, boolean withOptimizerState) throws IOException {
        Files.createDirectories(folder);
        for (EmbeddingTables set : sets) {
            set.write(folder, withOptimizerState);
        }
    }

    /// Begins to write all tables with their optimizer's state into a folder, which is made, while they learn on. If
    /// the disk refuses, nothing is begun.
    List<TablesSnapshot> snapshots(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<TablesSnapshot> begun = new ArrayList<>();
        try {
            for (EmbeddingTables set : sets) {
                begun.add(set.snapshot(folder, true));
            }
        } catch (IOException | RuntimeException fault) {
            for (TablesSnapshot snapshot : begun) {
                snapshot.close();
            }
            throw fault;
        }
        return begun;
    }

    /// Bytes of all tables in memory.
    long size() {
        return sets.stream()
                .flatMap(set -> set.tables().stream())
                .mapToLong(EmbeddingTable::size)
                .sum();
    }

    /// Takes over what [#write(Path, boolean)] wrote.
    void restore(Path folder) throws IOException {
        close(); // before others are read, since memory may not hold both
        List<EmbeddingTables> restored = new ArrayList<>();
        sets = restored; // so that what was read before a fault is closed
        for (List<Field> each : fields) {
            restored.add(EmbeddingTables.open(
                    folder,
                    List.of(),
                    each,
                    experiment.train().embedding(),
                    specs,
                    experiment.seed(),
                    experiment.train().threads()));
        }
        sets = List.copyOf(restored);
    }

    /// Gives tables the rows that their files of initial rows hold.
    void readInitialRows() {
        for (EmbeddingTables set : sets) {
            for (EmbeddingTable table : set.tables()) {
                TableSpec spec = specs.byTable().get(table.name());
                if (spec != null && spec.initial() != null) {
                    InitialRows.read(experiment.folder().resolve(spec.initial()), table);
                }
            }
        }
    }

    /// Begins another epoch than the first.
    void beginEpoch() {
        sets.forEach(EmbeddingTables::beginEpoch);
    }

    /// Gives up rows as the experiment says.
    ///
    /// @param endOfEpoch whether the last step ended an epoch
    /// @param now when it was over
    void evict(boolean endOfEpoch, Instant now) {
        sets.forEach(set -> set.evict(endOfEpoch, now));
    }

    /// Forgets keys that were evicted up to a step.
    void forgetEvicted(long step) {
        sets.forEach(set -> set.tables().forEach(table -> table.forgetEvicted(step)));
    }

    /// How many weights the rows of all tables have together.
    long weightCount() {
        return sets.stream()
                .flatMap(set -> set.tables().stream())
                .mapToLong(table -> (long) table.rowCount() * table.dimension())
                .sum();
    }

    @Override
    public void close() {
        sets.forEach(EmbeddingTables::close);
        sets = List.of();
    }
}
