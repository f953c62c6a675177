package io.github.corymb.tensor;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How wide the numbers are that a forward pass in training multiplies. Parameters, their gradients, optimizer state,
/// embedding rows and losses are float32 in any case, and so is all that is computed without gradients: evaluation,
/// prediction and serving do not depend on it.
public enum Precision {
    /// 24 bits of significand.
    @JsonProperty("float32")
    FLOAT32,
    /// The factors of matrix products rounded to 8 bits of significand, with the range of float32; sums in float32.
    /// Kalamkar et al., *A Study of BFLOAT16 for Deep Learning Training*, arXiv 1905.12322, 2019. Fast on processors
    /// that multiply it (AVX-512 BF16, AMX, GPUs); x86 without AVX-512 multiplies the rounded factors as float32.
    @JsonProperty("bfloat16")
    BFLOAT16
}
