package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.embedding.EmbeddingTables;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The embedding tables of a model that learns: one set that all tasks share, or one a task for a model whose tasks
/// share nothing.
///
/// Used by one thread. Whoever made it closes it.
final class TableSets implements AutoCloseable {

    private final Experiment experiment;
    private final List<List<Field>> fields; // of each set
    private List<EmbeddingTables> sets;

    /// Empty tables.
    TableSets(Experiment experiment, FeatureSchema schema, List<FittedTask> tasks) {
        this.experiment = experiment;
        this.fields = fields(experiment.model(), schema, tasks);
        this.sets = fields.stream()
                .map(each -> new EmbeddingTables(each, experiment.train().embedding(), experiment.seed(), experiment.train().threads()))
                .toList();
    }

    /// The fields of each set that a model reads. A set of its own gives a task's tables names that begin with the
    /// task's.
    static List<List<Field>> fields(ModelSpec model, FeatureSchema schema, List<FittedTask> tasks) {
        if (!model.ownTables()) {
            return List.of(schema.fields());
        }
        return tasks.stream()
                .map(task -> schema.fields().stream()
                        .map(field -> new Field(
                                field.name(),
                                task.name() + "." + field.table(),
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

    /// Takes over what [#write(Path, boolean)] wrote.
    void restore(Path folder) throws IOException {
        List<EmbeddingTables> restored = new ArrayList<>();
        for (List<Field> each : fields) {
            restored.add(EmbeddingTables.open(folder, each, experiment.train().embedding(), experiment.seed(), experiment.train().threads()));
        }
        sets.forEach(EmbeddingTables::close);
        sets = List.copyOf(restored);
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
    }
}
