package io.github.corymb.loss;

import io.github.corymb.tensor.Tensor;

/// Cross entropy of C logits.
///
///     l(z, y) = −log softmax(z)_y
///
/// The label is the index of the class, from 0 to C − 1.
record MulticlassLoss() implements TaskLoss {

    @Override
    public Tensor rows(Tensor output, Tensor label) { // [B, C], [B, 1]
        return output.logSoftmax().gatherLast(label).negate(); // [B, 1]
    }
}
