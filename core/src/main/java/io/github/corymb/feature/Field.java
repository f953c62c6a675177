package io.github.corymb.feature;

/// One embedded field of the model's input: its keys are looked up in `table` and pooled to one vector.
///
/// @param name the feature's name
/// @param table the embedding table it reads; fields that name one table share its rows
/// @param dimension width D of a row, the same for all fields of one table
/// @param pooling how several rows become one vector
/// @param side whom it describes
public record Field(String name, String table, int dimension, Pooling pooling, Side side) {}
