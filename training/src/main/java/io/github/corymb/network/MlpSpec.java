package io.github.corymb.network;

import java.util.List;

/// The shape of a multi-layer perceptron: its hidden widths and what follows each linear map. No width at all is the
/// identity.
///
/// @param widths of its layers, from input to output, each at least 1
/// @param dropout the probability in [0, 1) that an activation is zeroed while training
public record MlpSpec(List<Integer> widths, Activation activation, double dropout, Normalisation normalisation) {

    public MlpSpec {
        widths = List.copyOf(widths);
        for (int width : widths) {
            if (width < 1) {
                throw new IllegalArgumentException("widths: expected at least 1, found " + width);
            }
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout: expected at least 0 and below 1, found " + dropout);
        }
    }

    /// Rectified linear layers and nothing else.
    public MlpSpec(List<Integer> widths) {
        this(widths, Activation.RELU, 0, Normalisation.NONE);
    }

    /// The width of what comes out for an input of this width.
    public int outputWidth(int inputWidth) {
        return widths.isEmpty() ? inputWidth : widths.getLast();
    }
}
