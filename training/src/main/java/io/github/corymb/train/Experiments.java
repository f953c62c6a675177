package io.github.corymb.train;

import io.github.corymb.Experiment;
import io.github.corymb.data.DataSpec;
import io.github.corymb.data.Dataset;
import io.github.corymb.data.KeptRows;
import io.github.corymb.data.LoadListener;
import io.github.corymb.data.Reading;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Side;
import io.github.corymb.tensor.torch.TorchEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The data of an experiment, read for training or for a model that exists.
public final class Experiments {

    private Experiments() {}

    /// Begins to load DuckDB and libtorch on a thread of its own, so that a program can read its experiment meanwhile.
    /// What goes wrong shows where either is first used.
    public static void loadNativesInBackground() {
        NativeLoader.begin(Dataset::loadNatives, TorchEngine::loadNatives);
    }

    /// Reads, splits, fits and encodes the data of an experiment, or takes it as an earlier run kept it.
    public static Dataset load(Experiment experiment) {
        return Dataset.load(
                data(experiment),
                experiment.folder(),
                experiment.features(),
                experiment.tasks(),
                experiment.seed(),
                experiment.data().cache() ? KeptRows.ofUser() : Optional.empty(),
                LoadListener.NONE);
    }

    /// Reads data to evaluate a model on.
    ///
    /// @param source SQL or a file, all of whose rows are read, with paths that start from the current folder; null for
    ///     the experiment's own data, split as for training
    /// @param texts columns that the evaluation is broken down by
    public static Dataset open(TrainedModel model, String source, List<String> texts) {
        Experiment experiment = model.experiment();
        if (source == null) {
            return open(experiment, model.schema(), model.tasks(), texts);
        }
        return Dataset.open(
                data(experiment).withSource(source),
                Path.of("").toAbsolutePath(),
                model.schema(),
                model.tasks(),
                Reading.ofAll(texts),
                experiment.seed(),
                LoadListener.NONE);
    }

    /// Reads an experiment's own data, split as for training, for features and tasks that are fitted.
    ///
    /// @param texts columns to keep
    static Dataset open(Experiment experiment, FeatureSchema schema, List<FittedTask> tasks, List<String> texts) {
        return Dataset.open(
                data(experiment),
                experiment.folder(),
                schema,
                tasks,
                Reading.ofSplit(texts),
                experiment.seed(),
                LoadListener.NONE);
    }

    /// Reads rows to predict, with paths that start from the current folder.
    static Dataset openToPredict(TrainedModel model, String source, List<String> kept) {
        return Dataset.open(
                model.experiment().data().withSource(source).withUser(null),
                Path.of("").toAbsolutePath(),
                model.schema(),
                model.tasks(),
                Reading.toPredict(kept),
                model.experiment().seed(),
                LoadListener.NONE);
    }

    /// The engine that an experiment asks for.
    ///
    /// @throws InputException if it cannot be had here, such as a GPU that is not there
    static TorchEngine engine(Experiment experiment) {
        TrainSpec spec = experiment.train();
        try {
            return new TorchEngine(spec.device(), spec.precision(), spec.threads(), experiment.seed());
        } catch (IllegalArgumentException unavailable) {
            String message = unavailable.getMessage();
            throw new InputException(message.startsWith("device") ? "train." + message : message, unavailable);
        }
    }

    /// Whether rows belong to users, so that there is a GAUC.
    static boolean hasUsers(Experiment experiment) {
        return data(experiment).user() != null;
    }

    /// The data with its users: those of `data.user`, or of the first categorical feature of a user.
    private static DataSpec data(Experiment experiment) {
        DataSpec data = experiment.data();
        if (data.user() != null) {
            return data;
        }
        for (Map.Entry<String, Feature> entry : experiment.features().entrySet()) {
            if (entry.getValue() instanceof Feature.Categorical user && user.side() == Side.USER) {
                return data.withUser(user.columnOr(entry.getKey()));
            }
        }
        return data;
    }
}
