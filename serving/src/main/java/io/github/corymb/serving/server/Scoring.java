package io.github.corymb.serving.server;

import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.RankerClosedException;
import io.github.corymb.serving.Ranking;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Reads what is asked, asks the version that is meant, measures it, and then tells those who look at traffic; they
/// only take note. Any number of threads.
record Scoring(Models models, ServerMetrics metrics, Consumer<Answered> afterwards) {

    /// @throws InputException for what is no such call, RefusedException where there is no such model
    <T> Reading<T> read(Supplier<Call<T>> source) {
        long start = System.nanoTime();
        Call<T> call = source.get();
        return models.ask(call.model(), call.version(), call.label(), version -> read(call, version, start));
    }

    private static <T> Reading<T> read(Call<T> call, Models.Version version, long start) {
        return new Reading<>(call, version, call.read().apply(version), System.nanoTime() - start);
    }

    /// Asks the version that was read for; where that was taken away since, the one that is meant now.
    ///
    /// @throws InputException for what the version cannot answer
    <T> T answer(Reading<T> reading) {
        try {
            return answerAlone(reading);
        } catch (RankerClosedException takenAway) {
            Call<T> call = reading.call();
            return models.ask(
                    call.model(),
                    call.version(),
                    call.label(),
                    version -> answerAlone(read(call, version, System.nanoTime())));
        }
    }

    private <T> T answerAlone(Reading<T> reading) {
        Asked asked = reading.question().asked();
        Ranking ranking = reading.version().ranker().rank(asked.context(), asked.items(), asked.question());
        metrics.ran(1);
        return answer(reading, ranking);
    }

    /// Asks the version of all of them at once.
    ///
    /// @return a ranking each, which are done
    /// @throws RankerClosedException where it was taken away since they were read
    List<CompletableFuture<Ranking>> rank(List<Reading<?>> readings) {
        List<Ranker.Request> requests = readings.stream().map(Reading::request).toList();
        metrics.ran(requests.size());
        return readings.getFirst().version().ranker().rank(requests);
    }

    /// What a reading's ranking becomes.
    <T> T answer(Reading<T> reading, Ranking ranking) {
        metrics.answered(reading.version(), ranking, reading.nanos());
        Asked asked = reading.question().asked();
        afterwards.accept(new Answered(
                reading.call().id(),
                reading.version(),
                asked.context(),
                asked.items(),
                asked.ids(),
                asked.question(),
                ranking));
        return reading.question().answer().apply(ranking);
    }
}
