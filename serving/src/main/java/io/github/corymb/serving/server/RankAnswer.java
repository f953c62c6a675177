package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.serving.Ranking;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// A ranking as JSON: the version that answered, then the best items, best first, each with its place in the request,
/// its id, its score, its predictions and what explains them.
final class RankAnswer {

    private static final SerializableString INDEX = new SerializedString("index");
    private static final SerializableString ID = new SerializedString("id");
    private static final SerializableString SCORE = new SerializedString("score");
    private static final SerializableString TASKS = new SerializedString("tasks");

    private static final int ITEM_SIZE = 80; // bytes, about, with a score
    private static final int TASK_SIZE = 30;

    private RankAnswer() {}

    static byte[] write(Models.Version version, Ranking ranking, List<JsonNode> ids) {
        List<SerializableString> tasks = names(ranking.tasks());
        int itemSize = ITEM_SIZE + TASK_SIZE * tasks.size();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + itemSize * ranking.order().length);
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
                json.writeFieldName(INDEX);
                json.writeNumber(item);
                writeId(json, ids.get(item));
                if (ranking.fusion() != null) {
                    json.writeFieldName(SCORE);
                    json.writeNumber(ranking.scores()[item]);
                }
                json.writeFieldName(TASKS);
                json.writeStartObject();
                for (int t = 0; t < tasks.size(); t++) {
                    Ranking.TaskScores task = ranking.tasks().get(t);
                    json.writeFieldName(tasks.get(t));
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

    /// With their escapes, once for all items.
    private static List<SerializableString> names(List<Ranking.TaskScores> tasks) {
        return tasks.stream()
                .<SerializableString>map(task -> new SerializedString(task.task()))
                .toList();
    }

    private static void writeId(JsonGenerator json, JsonNode id) throws IOException {
        if (id != null) {
            json.writeFieldName(ID);
            if (id.isTextual()) {
                json.writeString(id.textValue());
            } else if (id.isLong()) {
                json.writeNumber(id.longValue());
            } else {
                json.writeTree(id);
            }
        }
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
