package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.serving.Ranking;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// A ranking as JSON: the version that answered, then the best items, best first, each with its place in the request,
/// its id, its score and its predictions.
final class RankAnswer {

    private RankAnswer() {}

    static byte[] write(Models.Version version, Ranking ranking, List<JsonNode> ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * ranking.order().length + 256);
        try (JsonGenerator json = RankBody.JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("model", version.model());
            json.writeStringField("version", version.version());
            json.writeStringField("bundle", ranking.bundle().digest());
            if (ranking.fusion() != null) {
                json.writeStringField("fusion", ranking.fusion());
            }
            json.writeArrayFieldStart("items");
            for (int item : ranking.order()) {
                json.writeStartObject();
                json.writeNumberField("index", item);
                if (ids.get(item) != null) {
                    json.writeFieldName("id");
                    json.writeTree(ids.get(item));
                }
                if (ranking.fusion() != null) {
                    json.writeNumberField("score", ranking.scores()[item]);
                }
                json.writeObjectFieldStart("tasks");
                for (Ranking.TaskScores task : ranking.tasks()) {
                    json.writeFieldName(task.task());
                    write(json, task, item);
                }
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Ranking.TaskScores task, int item) throws IOException {
        if (task.width() == 1) {
            json.writeNumber(task.values()[item]);
            return;
        }
        json.writeStartArray();
        for (int c = 0; c < task.width(); c++) {
            json.writeNumber(task.values()[item * task.width() + c]);
        }
        json.writeEndArray();
    }
}
