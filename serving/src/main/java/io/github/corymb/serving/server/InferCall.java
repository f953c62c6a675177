package io.github.corymb.serving.server;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import io.github.corymb.feature.InputException;

/// `POST /v2/models/NAME[/versions/VERSION]/infer`
record InferCall(int itemLimit) implements ModelCall {

    @Override
    public Question<AggregatedHttpResponse> read(Models.Version version, AggregatedHttpRequest request) {
        byte[] bytes = request.content().array();
        InferBody body = InferBody.parse(bytes, jsonLength(request, bytes.length), itemLimit);
        Asked asked = body.request().of(version.ranker().schema());
        return new Question<>(asked, ranking -> InferAnswer.of(version, ranking, body));
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
