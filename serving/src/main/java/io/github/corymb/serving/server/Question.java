package io.github.corymb.serving.server;

import io.github.corymb.serving.Ranking;
import java.util.function.Function;

/// What was read of a call.
///
/// @param asked of the version that it means
/// @param answer what the ranking becomes
/// @param <T> an answer of the protocol that brought it
record Question<T>(Asked asked, Function<Ranking, T> answer) {}
