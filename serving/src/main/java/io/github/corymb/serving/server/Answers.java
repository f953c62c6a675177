package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;

/// Answers of a server: JSON, errors in one line.
final class Answers {

    private Answers() {}

    static AggregatedHttpResponse json(byte[] body) {
        return AggregatedHttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, HttpData.wrap(body));
    }

    static AggregatedHttpResponse json(JsonNode body) {
        return json(bytes(body));
    }

    static AggregatedHttpResponse error(HttpStatus status, String message) {
        return AggregatedHttpResponse.of(
                status,
                MediaType.JSON_UTF_8,
                HttpData.wrap(bytes(RankBody.JSON.createObjectNode().put("error", message))));
    }

    static AggregatedHttpResponse tooLong() {
        return error(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "body: longer than the server's limit");
    }

    static AggregatedHttpResponse refused(RefusedException refused) {
        HttpStatus status = refused.refusal().status();
        boolean later = status.equals(HttpStatus.SERVICE_UNAVAILABLE) || status.equals(HttpStatus.TOO_MANY_REQUESTS);
        return later ? later(status, refused.getMessage()) : error(status, refused.getMessage());
    }

    /// 503, to be asked again in a second.
    static AggregatedHttpResponse busy(String message) {
        return later(HttpStatus.SERVICE_UNAVAILABLE, message);
    }

    private static AggregatedHttpResponse later(HttpStatus status, String message) {
        AggregatedHttpResponse error = error(status, message);
        ResponseHeaders headers = error.headers().toBuilder()
                .add(HttpHeaderNames.RETRY_AFTER, "1")
                .build();
        return AggregatedHttpResponse.of(headers, error.content());
    }

    private static byte[] bytes(JsonNode body) {
        try {
            return RankBody.JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
