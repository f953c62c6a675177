package io.github.corymb.cli;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FeatureStatistics;
import io.github.corymb.feature.Field;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The features of a schema as a table for people.
final class FeatureTable {

    private FeatureTable() {}

    static TextTable of(FeatureSchema schema) {
        Map<String, Field> fields =
                schema.fields().stream().collect(Collectors.toMap(Field::name, Function.identity()));
        TextTable table = new TextTable("feature", "type", "side", "column", "input", "of the training rows");
        schema.features()
                .forEach((name, feature) -> table.row(
                        name,
                        type(feature),
                        feature.side().name().toLowerCase(Locale.ROOT),
                        feature.columnOr(name),
                        input(feature, fields.get(name)),
                        statistics(schema.statistics().get(name))));
        return table;
    }

    private static String type(Feature feature) {
        return switch (feature) {
            case Feature.Categorical _ -> "categorical";
            case Feature.Bag _ -> "bag";
            case Feature.Sequence _ -> "sequence";
            case Feature.Numeric numeric ->
                "numeric, " + numeric.scaling().name().toLowerCase(Locale.ROOT);
            case Feature.Dense _ -> "dense";
        };
    }

    private static String input(Feature feature, Field field) {
        if (field != null) {
            return "%d of table %s".formatted(field.dimension(), field.table());
        }
        return feature instanceof Feature.Dense dense ? dense.length() + " + missing" : "value + missing";
    }

    private static String statistics(FeatureStatistics statistics) {
        if (statistics == null) {
            return "";
        }
        String missing = statistics.missingCount() == 0
                ? ""
                : String.format(
                        Locale.ROOT, ", %.1f %% missing", 100.0 * statistics.missingCount() / statistics.rowCount());
        return String.format(
                        Locale.ROOT,
                        "mean %.4g, sd %.4g, from %.4g to %.4g",
                        statistics.mean(),
                        statistics.standardDeviation(),
                        statistics.minimum(),
                        statistics.maximum())
                + missing;
    }
}
