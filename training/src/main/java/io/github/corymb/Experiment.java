package io.github.corymb;

import io.github.corymb.balance.BalanceSpec;
import io.github.corymb.balance.StaticBalance;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.data.DataSpec;
import io.github.corymb.embedding.TableSpec;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FeatureTable;
import io.github.corymb.feature.NearestName;
import io.github.corymb.feature.Task;
import io.github.corymb.model.ModelSpec;
import io.github.corymb.train.EarlyStopping;
import io.github.corymb.train.RateSchedule;
import io.github.corymb.train.TaskMetrics;
import io.github.corymb.train.TrainSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What is learned from what, by which model and how: the whole of an experiment file. A component that is not given
/// (`null`) takes its default; what cannot be is an [IllegalArgumentException] that begins with its key.
///
/// @param name of the experiment, on one line
/// @param seed of everything random, default 2026
/// @param folder what relative paths in `data` start from; absolute. The reader takes the file's own folder by default
/// @param data where rows come from
/// @param features what the model is told, by name, in the order of the file; at least one
/// @param tables how the rows of embedding tables come and go, by the table's name; others give every key a row
/// @param tasks what it learns to predict, by name, in the order of the file; at least one
/// @param model the architecture
/// @param balance how the tasks' losses become one, default static weights
/// @param train how it learns
/// @param serving what goes with an exported bundle, default nothing
public record Experiment(
        String name,
        Long seed,
        Path folder,
        DataSpec data,
        Map<String, Feature> features,
        Map<String, TableSpec> tables,
        Map<String, Task> tasks,
        ModelSpec model,
        BalanceSpec balance,
        TrainSpec train,
        ServingDefaults serving) {

    /// The seed of a file that names none.
    public static final long DEFAULT_SEED = 2026;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final int NAME_LIMIT = 64;

    public Experiment {
        if (name == null || name.isBlank() || name.lines().count() > 1) {
            throw new IllegalArgumentException(
                    "name: expected a line of text, found " + (name == null ? "nothing" : "'" + name + "'"));
        }
        seed = seed == null ? DEFAULT_SEED : seed;
        folder = (folder == null ? Path.of("") : folder).toAbsolutePath().normalize();
        require("data", data);
        features = named("features", features);
        tasks = named("tasks", tasks);
        require("model", model);
        balance = balance == null ? new StaticBalance.Spec() : balance;
        train = train == null ? TrainSpec.standard() : train;
        serving = serving == null ? new ServingDefaults(null) : serving;
        serving.fusions().keySet().forEach(fusion -> requireName("serving.fusions", fusion));
        Fusion.check("serving.fusions", serving.fusions(), singles(tasks));
        for (String task : tasks.keySet()) {
            if (features.containsKey(task)) {
                throw new IllegalArgumentException("tasks.%s: the name is a feature's already".formatted(task));
            }
        }
        Map<String, FeatureTable> known =
                new FeatureSchema(features).tables(); // refuses features that contradict one another
        tables = ofKnown(tables, known);
        EarlyStopping stopping = train.earlyStopping();
        if (stopping != null) {
            requireMetric("train.early_stopping.metric", stopping.metric(), tasks);
        }
        if (train.schedule() instanceof RateSchedule.Plateau plateau) {
            requireMetric("train.schedule.metric", plateau.metric(), tasks);
        }
    }

    private static void require(String key, Object value) {
        if (value == null) {
            throw new IllegalArgumentException(key + ": expected a mapping, found nothing");
        }
    }

    private static <T> Map<String, T> named(String key, Map<String, T> given) {
        if (given == null || given.isEmpty()) {
            throw new IllegalArgumentException(key + ": expected at least one, found none");
        }
        given.forEach((name, value) -> {
            requireName(key, name);
            require(key + "." + name, value);
        });
        return Collections.unmodifiableMap(new LinkedHashMap<>(given));
    }

    private static void requireName(String key, String name) {
        if (!NAME.matcher(name).matches() || name.length() > NAME_LIMIT) {
            throw new IllegalArgumentException(
                    "%s.%s: expected a name of at most %d lower-case letters, digits and _, found '%s'"
                            .formatted(key, name, NAME_LIMIT, name));
        }
    }

    /// The tasks that predict one number.
    private static List<String> singles(Map<String, Task> tasks) {
        return tasks.entrySet().stream()
                .filter(task -> !(task.getValue() instanceof Task.Multiclass))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Map<String, TableSpec> ofKnown(Map<String, TableSpec> given, Map<String, FeatureTable> known) {
        if (given == null) {
            return Map.of();
        }
        given.forEach((name, spec) -> {
            if (!known.containsKey(name)) {
                throw new IllegalArgumentException("tables.%s: expected an embedding table of a feature (%s)%s"
                        .formatted(name, String.join(", ", known.keySet()), NearestName.hint(name, known.keySet())));
            }
            require("tables." + name, spec);
            if (spec.widths() != null) {
                spec.widths().check(name, known.get(name).dimension());
            }
        });
        return Collections.unmodifiableMap(new LinkedHashMap<>(given));
    }

    private static void requireMetric(String key, String metric, Map<String, Task> tasks) {
        List<String> known = new ArrayList<>(Set.of(EarlyStopping.MEAN));
        tasks.forEach((name, task) -> TaskMetrics.of(task).forEach(one -> known.add(name + "." + one)));
        if (known.contains(metric)) {
            return;
        }
        int dot = metric.indexOf('.');
        String task = dot < 0 ? metric : metric.substring(0, dot);
        if (dot >= 0 && tasks.containsKey(task)) {
            List<String> metrics = TaskMetrics.of(tasks.get(task));
            String found = metric.substring(dot + 1);
            throw new IllegalArgumentException("%s: expected a metric of the %s task '%s' (%s), found '%s'%s"
                    .formatted(
                            key,
                            tasks.get(task).type(),
                            task,
                            String.join(", ", metrics),
                            found,
                            NearestName.hint(found, metrics)));
        }
        throw new IllegalArgumentException("%s: expected TASK.METRIC or mean, found '%s'%s"
                .formatted(key, metric, NearestName.hint(metric, known)));
    }
}
