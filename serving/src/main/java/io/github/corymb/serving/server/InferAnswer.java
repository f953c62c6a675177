package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.github.corymb.serving.Ranking;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The predictions of an inference as JSON, and as bytes after it where that was asked for. The parameter `bundle` is
/// the digest of the one bundle that gave them.
final class InferAnswer {

    /// Where there are bytes after the JSON: how many of JSON there are.
    static final String JSON_LENGTH = "inference-header-content-length";

    private InferAnswer() {}

    static AggregatedHttpResponse of(Models.Version version, Ranking ranking, InferBody body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean anyBinary = false;
        try {
            try (JsonGenerator json = JsonReader.FACTORY.createGenerator(bytes)) {
                write(version, ranking, body, json);
            }
            int jsonLength = bytes.size();
            for (Ranking.TaskScores task : ranking.tasks()) {
                if (body.isBinary(task.task())) {
                    bytes.write(raw(task));
                    anyBinary = true;
                }
            }
            return anyBinary ? binary(bytes.toByteArray(), jsonLength) : Answers.json(bytes.toByteArray());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// In little-endian order.
    static byte[] raw(Ranking.TaskScores task) {
        ByteBuffer raw = ByteBuffer.allocate(task.values().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(task.values());
        return raw.array();
    }

    private static AggregatedHttpResponse binary(byte[] body, int jsonLength) {
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(MediaType.OCTET_STREAM)
                .add(JSON_LENGTH, Integer.toString(jsonLength))
                .build();
        return AggregatedHttpResponse.of(headers, HttpData.wrap(body));
    }

    private static void write(Models.Version version, Ranking ranking, InferBody body, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("model_name", version.model());
        json.writeStringField("model_version", version.version());
        if (body.request().id() != null) {
            json.writeStringField("id", body.request().id());
        }
        json.writeObjectFieldStart("parameters");
        json.writeStringField("bundle", ranking.bundle().digest());
        json.writeEndObject();
        json.writeArrayFieldStart("outputs");
        for (Ranking.TaskScores task : ranking.tasks()) {
            write(task, body.isBinary(task.task()), json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(Ranking.TaskScores task, boolean binary, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", task.task());
        json.writeStringField("datatype", Datatype.FP32.name());
        json.writeArrayFieldStart("shape");
        json.writeNumber(task.values().length / task.width());
        json.writeNumber(task.width());
        json.writeEndArray();
        if (binary) {
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", task.values().length * Float.BYTES);
            json.writeEndObject();
        } else {
            json.writeArrayFieldStart("data");
            for (float value : task.values()) {
                json.writeNumber(value);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
