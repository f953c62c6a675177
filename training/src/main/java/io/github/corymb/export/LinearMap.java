package io.github.corymb.export;

/// What a recorded value was computed as: x Wᵀ + b.
///
/// @param bias b, or null for none
record LinearMap(RecordedTensor x, RecordedTensor weight, RecordedTensor bias) {}
