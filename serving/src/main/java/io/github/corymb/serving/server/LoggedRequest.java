package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.feature.Column;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.Ranking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A line of the feature log:
///
///     {"time": ..., "request": ID, "model": NAME, "version": ..., "bundle": DIGEST,
///      "context": {COLUMN: VALUE, ...}, "items": [{"id": ANY, COLUMN: VALUE, ...}, ...],
///      "tasks": {TASK: [PREDICTION, ...]}, "fusion": NAME, "scores": [SCORE, ...]}
///
/// `context` and `items` are what the ranking call takes, predictions and scores are in the order of the items, and
/// numbers are written so that they are read as they were. Where each item had a context of its own, its values stand
/// among the item's, and there is no `context`.
///
/// @param context null where the items are whole rows
/// @param tasks predictions by task: [n, width] row-major
record LoggedRequest(String bundle, FeatureRows context, FeatureRows items, Map<String, float[]> tasks) {

    /// One line, without its end.
    static void write(Instant time, Answered answered, JsonGenerator json) throws IOException {
        Ranking ranking = answered.ranking();
        json.writeStartObject();
        json.writeStringField("time", time.toString());
        json.writeStringField("request", answered.request());
        json.writeStringField("model", answered.version().model());
        json.writeStringField("version", answered.version().version());
        json.writeStringField("bundle", ranking.bundle().digest());
        boolean shared = answered.context().rowCount() == 1 && answered.context() != answered.items();
        if (shared) {
            json.writeObjectFieldStart("context");
            writeValues(json, answered.context(), 0);
            json.writeEndObject();
        }
        json.writeArrayFieldStart("items");
        for (int item = 0; item < answered.items().rowCount(); item++) {
            json.writeStartObject();
            JsonNode id = answered.ids().isEmpty() ? null : answered.ids().get(item);
            if (id != null && !answered.items().columns().containsKey("id")) {
                json.writeFieldName("id");
                json.writeTree(id);
            }
            writeValues(json, answered.items(), item);
            if (!shared && answered.context() != answered.items()) {
                writeValues(json, answered.context(), item);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("tasks");
        for (Ranking.TaskScores task : ranking.tasks()) {
            json.writeArrayFieldStart(task.task());
            for (int item = 0; item < ranking.itemCount(); item++) {
                RankAnswer.write(json, task.values(), item, task.width());
            }
            json.writeEndArray();
        }
        json.writeEndObject();
        if (ranking.fusion() != null) {
            json.writeStringField("fusion", ranking.fusion());
            json.writeFieldName("scores");
            json.writeArray(ranking.scores(), 0, ranking.scores().length);
        }
        json.writeEndObject();
    }

    private static void writeValues(JsonGenerator json, FeatureRows rows, int row) throws IOException {
        for (Map.Entry<String, Column> column : rows.columns().entrySet()) {
            Object value = column.getValue().value(row);
            if (value != null && !(value instanceof Double number && !Double.isFinite(number))) {
                json.writeObjectField(column.getKey(), value);
            }
        }
    }

    /// @throws InputException for what [#write(Instant, Answered, JsonGenerator)] does not write
    static LoggedRequest parse(String line, boolean columnNamedId) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return JsonReader.read(bytes, bytes.length, json -> read(json, columnNamedId ? null : "id"));
    }

    private static LoggedRequest read(JsonReader json, String idKey) throws IOException {
        String[] bundle = {""};
        FeatureRows[] context = new FeatureRows[1];
        JsonRows items = new JsonRows(json, idKey);
        Map<String, float[]> tasks = new LinkedHashMap<>();
        json.object("line", key -> {
            switch (key) {
                case "bundle" -> bundle[0] = json.text(key, "a digest");
                case "context" -> {
                    JsonRows one = new JsonRows(json, null);
                    one.add(key, null);
                    context[0] = one.build();
                }
                case "items" -> json.array(key, Integer.MAX_VALUE, _ -> items.add(key, null));
                case "tasks" -> json.object(key, task -> tasks.put(task, numbers(json, task)));
                default -> json.skip();
            }
        });
        return new LoggedRequest(bundle[0], context[0], items.build(), tasks);
    }

    private static float[] numbers(JsonReader json, String task) throws IOException {
        List<Object> numbers = json.flat("tasks." + task);
        float[] values = new float[numbers.size()];
        for (int at = 0; at < values.length; at++) {
            values[at] = numbers.get(at) instanceof Number number ? number.floatValue() : Float.NaN;
        }
        return values;
    }
}
