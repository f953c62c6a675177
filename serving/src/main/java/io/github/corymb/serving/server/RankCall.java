package io.github.corymb.serving.server;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;

/// `POST /v1/models/NAME[/versions/VERSION|/labels/LABEL]:rank`
record RankCall(Scoring scoring, int itemLimit) implements ModelCall {

    @Override
    public AggregatedHttpResponse answer(String id, Models.Version version, AggregatedHttpRequest request) {
        long start = System.nanoTime();
        boolean columnNamedId = version.ranker().schema().columns().contains("id");
        Asked asked = RankBody.parse(request.content().array(), columnNamedId, itemLimit);
        return Answers.json(RankAnswer.write(version, scoring.rank(id, version, asked, start), asked.ids()));
    }
}
