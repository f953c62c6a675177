package io.github.corymb.data;

import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Writes predictions to a file: the columns kept from the source first, then one column a task, named after it: a number,
/// or of a multiclass task the list of its classes' probabilities. Rows are in the order of the source. Numbers are exact
/// in Parquet, and in CSV read back to the same bits. The file appears whole when finished, or not at all. One thread.
public final class PredictionWriter implements AutoCloseable {

    private static final String TABLE = "corymb_predictions";

    private final Dataset dataset;
    private final Path file;
    private final PredictionAppender appender;
    private int rowCount;

    /// @param dataset opened by [Reading#toPredict(List)]
    /// @param file ends in `.parquet` or `.csv`; its folder exists
    /// @throws InputException for another ending, and for a column that would be named twice
    public PredictionWriter(Dataset dataset, Path file) {
        this.dataset = dataset;
        this.file = file.toAbsolutePath();
        checkEnding(file);
        List<String> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        dataset.kept().forEach(name -> refuseTwice(names, name));
        for (FittedTask task : dataset.tasks()) {
            refuseTwice(names, task.name());
            columns.add(Sql.name(task.name()) + (task.width() == 1 ? " DOUBLE" : " DOUBLE[]"));
        }
        dataset.database().execute("CREATE OR REPLACE TEMP TABLE " + TABLE + " (" + String.join(", ", columns) + ")");
        List<Integer> widths = dataset.tasks().stream().map(FittedTask::width).toList();
        appender = new PredictionAppender(dataset.database(), TABLE, widths);
    }

    /// Refuses a file that does not end in `.parquet` or `.csv`.
    ///
    /// @throws InputException with the ending
    public static void checkEnding(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".parquet") && !name.endsWith(".csv")) {
            throw new InputException("--out: expected a file that ends in .parquet or .csv, found " + file);
        }
    }

    private static void refuseTwice(Set<String> names, String name) {
        if (!names.add(name.toLowerCase(Locale.ROOT))) {
            throw new InputException("--keep: expected names that no other column and no task has, found '" + name + "'");
        }
    }

    /// Adds the predictions of the next rows.
    ///
    /// @param predictions [K, rows · width of the task]
    public void add(double[][] predictions, int count) {
        appender.add(predictions, count);
        rowCount += count;
    }

    /// Writes the file.
    ///
    /// @throws InputException where it cannot be written
    public void finish() {
        if (rowCount != dataset.rowCount(Split.TEST)) {
            throw new IllegalStateException(
                    "predictions of " + rowCount + " rows for " + dataset.rowCount(Split.TEST));
        }
        appender.close();
        List<String> columns = new ArrayList<>();
        for (int index = 0; index < dataset.kept().size(); index++) {
            String column = "r." + Sql.name(ReadPlan.kept(index));
            columns.add(column + " AS " + Sql.name(dataset.kept().get(index)));
        }
        dataset.tasks().forEach(task -> columns.add("p." + Sql.name(task.name())));
        boolean parquet = file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
        Path beside = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            dataset.database()
                    .execute("COPY (SELECT " + String.join(", ", columns) + " FROM " + SourceTable.TABLE
                            + " r POSITIONAL JOIN " + TABLE + " p) TO " + Sql.literal(beside.toString())
                            + (parquet ? " (FORMAT parquet)" : " (FORMAT csv, HEADER)"));
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (DuckDbException e) {
            throw SqlErrors.ofExpression(e, "--out " + file, List.of());
        } catch (IOException e) {
            throw new InputException("--out: expected to write " + file + ", found: " + e.getMessage(), e);
        } finally {
            deletePart(beside);
        }
    }

    private static void deletePart(Path beside) {
        try {
            Files.deleteIfExists(beside);
        } catch (IOException e) {
            throw new InputException("--out: expected to delete " + beside + ", found: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        appender.close();
    }
}
