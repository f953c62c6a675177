package io.github.corymb.serving.server;

import io.github.corymb.serving.Ranking;
import java.util.function.Consumer;

/// Asks a version, measures it, and then tells those who look at traffic; they only take note.
record Scoring(ServerMetrics metrics, Consumer<Answered> afterwards) {

    /// @param request its id
    /// @param start of its reading, as [System#nanoTime()] tells it
    /// @throws InputException for what the version cannot answer
    Ranking rank(String request, Models.Version version, Asked asked, long start) {
        long parsed = System.nanoTime();
        Ranking ranking = version.ranker().rank(asked.context(), asked.items(), asked.question());
        metrics.answered(version, ranking, parsed - start);
        afterwards.accept(
                new Answered(request, version, asked.context(), asked.items(), asked.ids(), asked.question(), ranking));
        return ranking;
    }
}
