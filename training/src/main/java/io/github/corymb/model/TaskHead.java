package io.github.corymb.model;

import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Task;

/// What a model must know of a task: what to call its parameters, how wide its output is and where it starts.
///
/// @param width 1 for a logit or a value, the number of classes for multiclass
/// @param bias what every output starts near, so that training starts calibrated: the logit of the base rate, or the
///     mean of the labels on the scale of the loss; 0 where nothing is known
public record TaskHead(String name, int width, double bias) {

    private static final double RATE_MINIMUM = 1e-6; // of a base rate, so that a class never seen has a finite logit

    public TaskHead {
        if (width < 1) {
            throw new IllegalArgumentException("tasks." + name + ": expected a width of at least 1, found " + width);
        }
        if (!Double.isFinite(bias)) {
            throw new IllegalArgumentException("tasks." + name + ": expected a finite bias, found " + bias);
        }
    }

    public TaskHead(String name, int width) {
        this(name, width, 0);
    }

    /// The head of a task. With [OutputBias#LABEL_MEAN] it starts by the mean p or m of its labels at:
    ///
    ///     binary                      log(p / (1 − p))
    ///     regression, linear scale    m
    ///     regression, log scale       log(1 + m)
    ///     multiclass                  0, all classes alike
    public static TaskHead of(FittedTask task, OutputBias start) {
        if (start == OutputBias.ZERO) {
            return new TaskHead(task.name(), task.width());
        }
        double mean = task.labelMean();
        double bias = switch (task.task()) {
            case Task.Binary _ -> logit(Math.clamp(mean, RATE_MINIMUM, 1 - RATE_MINIMUM));
            case Task.Regression regression -> regression.scale() == Task.LabelScale.LOG ? Math.log1p(mean) : mean;
            case Task.Multiclass _ -> 0;
        };
        return new TaskHead(task.name(), task.width(), bias);
    }

    private static double logit(double rate) {
        return Math.log(rate / (1 - rate));
    }
}
