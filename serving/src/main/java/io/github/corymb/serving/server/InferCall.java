package io.github.corymb.serving.server;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.Ranking;

/// `POST /v2/models/NAME[/versions/VERSION]/infer`
record InferCall(ServerMetrics metrics, int itemLimit) implements ModelCall {

    @Override
    public AggregatedHttpResponse answer(Models.Version version, AggregatedHttpRequest request) {
        long start = System.nanoTime();
        byte[] bytes = request.content().array();
        InferBody body = InferBody.parse(bytes, jsonLength(request, bytes.length), itemLimit);
        long parsed = System.nanoTime();
        Ranking ranking = body.request().infer(version.ranker());
        metrics.answered(version, ranking, parsed - start);
        return InferAnswer.of(version, ranking, body);
    }

    private static int jsonLength(AggregatedHttpRequest request, int bodyLength) {
        String header = request.headers().get(InferAnswer.JSON_LENGTH);
        if (header == null) {
            return bodyLength;
        }
        if (!header.matches("\\d{1,9}") || Integer.parseInt(header) > bodyLength) {
            throw new InputException("Inference-Header-Content-Length: expected at most %d bytes, found '%s'"
                    .formatted(bodyLength, header));
        }
        return Integer.parseInt(header);
    }
}
