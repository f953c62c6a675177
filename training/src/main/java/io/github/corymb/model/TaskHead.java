package io.github.corymb.model;

/// What a model must know of a task: what to call its parameters, how wide its output is and where it starts.
///
/// @param width 1 for a logit or a value, the number of classes for multiclass
/// @param bias what every output starts near, so that training starts calibrated: the logit of the base rate, or the
///     mean of the labels on the scale of the loss; 0 where nothing is known
public record TaskHead(String name, int width, double bias) {

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
}
