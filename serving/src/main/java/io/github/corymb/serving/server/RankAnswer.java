package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.serving.Ranking;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// A ranking as JSON: the version that answered, then the best items, best first, each with its place in the request,
/// its id, its score, its predictions and what explains them.
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
            for (int place = 0; place < ranking.order().length; place++) {
                int item = ranking.order()[place];
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
                    write(json, task.values(), item, task.width());
                }
                json.writeEndObject();
                if (place < ranking.explanations().size()) {
                    write(json, ranking.tasks(), ranking.explanations().get(place));
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, List<Ranking.TaskScores> tasks, Ranking.Explanation explanation)
            throws IOException {
        json.writeObjectFieldStart("explanation");
        for (int t = 0; t < tasks.size(); t++) {
            json.writeObjectFieldStart(tasks.get(t).task());
            for (int f = 0; f < explanation.features().size(); f++) {
                json.writeFieldName(explanation.features().get(f));
                write(json, explanation.differences().get(t), f, tasks.get(t).width());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /// A number, or a list of as many as a row has.
    static void write(JsonGenerator json, float[] rows, int row, int width) throws IOException {
        if (width == 1) {
            json.writeNumber(rows[row]);
            return;
        }
        json.writeStartArray();
        for (int c = 0; c < width; c++) {
            json.writeNumber(rows[row * width + c]);
        }
        json.writeEndArray();
    }
}
