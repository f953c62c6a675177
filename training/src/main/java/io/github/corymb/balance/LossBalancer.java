package io.github.corymb.balance;

/// Turns the losses of the tasks into their weights; what is trained on is Σ_k w_k L_k, with the weights as constants.
/// The simplest of three kinds of balancers: it sees values, no gradients.
public interface LossBalancer {

    /// The weights of this step.
    ///
    /// @param losses the K losses of this step, in the order of the tasks; 0 for a task without a label in it
    /// @return K weights, each finite and at least 0; the caller's own
    double[] weights(double[] losses);
}
