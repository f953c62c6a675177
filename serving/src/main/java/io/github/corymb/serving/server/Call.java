package io.github.corymb.serving.server;

import java.util.function.Function;

/// A call of a model, whatever protocol brought it.
///
/// @param id of the request
/// @param version that is meant, or null
/// @param label that is meant, or null
/// @param read what it asks of a version; InputException for what is no such call
/// @param <T> an answer of its protocol
record Call<T>(String id, String model, String version, String label, Function<Models.Version, Question<T>> read) {}
