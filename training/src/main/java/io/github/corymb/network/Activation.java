package io.github.corymb.network;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The non-linearity of a hidden layer.
public enum Activation {
    /// max(0, x).
    @JsonProperty("relu")
    RELU,
    /// x where x > 0, a · x elsewhere, with one learned slope a a layer that starts at 0.25.
    /// He, Zhang, Ren & Sun, *Delving Deep into Rectifiers*, ICCV 2015.
    @JsonProperty("prelu")
    PRELU,
    /// x · σ(x). Elfwing, Uchibe & Doya, *Sigmoid-weighted linear units*, Neural Networks 107, 2018.
    @JsonProperty("silu")
    SILU,
    /// x · Φ(x). Hendrycks & Gimpel, *Gaussian Error Linear Units*, arXiv 1606.08415, 2016.
    @JsonProperty("gelu")
    GELU
}
