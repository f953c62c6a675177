package io.github.corymb.serving.server;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import io.github.corymb.serving.Ranking;

/// `POST /v1/models/NAME[/versions/VERSION|/labels/LABEL]:rank`
record RankCall(ServerMetrics metrics) implements ModelCall {

    @Override
    public AggregatedHttpResponse answer(Models.Version version, AggregatedHttpRequest request) {
        long start = System.nanoTime();
        RankBody body = RankBody.parse(
                request.content().array(), version.ranker().schema().columns().contains("id"));
        long parsed = System.nanoTime();
        Ranking ranking = version.ranker().rank(body.context(), body.items(), body.question());
        metrics.answered(version, ranking, parsed - start);
        return Answers.json(RankAnswer.write(version, ranking, body.ids()));
    }
}
