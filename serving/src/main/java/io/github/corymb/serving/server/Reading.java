package io.github.corymb.serving.server;

import io.github.corymb.serving.Ranker;

/// A call that was read for the version that it meant then.
///
/// @param nanos that reading took
/// @param <T> an answer of its protocol
record Reading<T>(Call<T> call, Models.Version version, Question<T> question, long nanos) {

    /// Beyond, one run of the graph for several requests saves nothing.
    private static final int FEW_ITEMS = 10;

    /// Whether one run of the graph can answer it with others to the gain of all: it has a few items, and wants none
    /// explained, which takes runs of its own.
    boolean isSmall() {
        Asked asked = question.asked();
        return asked.items().rowCount() <= FEW_ITEMS && asked.question().explainCount() == 0;
    }

    Ranker.Request request() {
        Asked asked = question.asked();
        return new Ranker.Request(asked.context(), asked.items(), asked.question());
    }
}
