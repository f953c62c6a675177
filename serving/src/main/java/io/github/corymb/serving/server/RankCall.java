package io.github.corymb.serving.server;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;

/// `POST /v1/models/NAME[/versions/VERSION|/labels/LABEL]:rank`
record RankCall(int itemLimit) implements ModelCall {

    @Override
    public Question<AggregatedHttpResponse> read(Models.Version version, AggregatedHttpRequest request) {
        boolean columnNamedId = version.ranker().schema().columns().contains("id");
        Asked asked = RankBody.parse(request.content().array(), columnNamedId, itemLimit);
        return new Question<>(asked, ranking -> Answers.json(RankAnswer.write(version, ranking, asked.ids())));
    }
}
