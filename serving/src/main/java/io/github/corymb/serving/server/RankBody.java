package io.github.corymb.serving.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// A ranking request as JSON:
///
///     {"context": {COLUMN: VALUE, ...}, "items": [{"id": ANY, COLUMN: VALUE, ...}, ...],
///      "tasks": [NAME, ...], "fusion": NAME or {"type": ..., "weights": {TASK: NUMBER}}, "top_k": NUMBER,
///      "explain": true or {"items": NUMBER}}
///
/// `id` is given back with the item; it is a feature's value only where a feature reads a column of that name.
final class RankBody {

    private static final List<String> KEYS = List.of("context", "items", "tasks", "fusion", "top_k", "explain");
    private static final int EXPLAIN_COUNT = 10; // where `explain` does not say
    private static final String ID = "id";

    static final JsonMapper JSON = JsonMapper.builder(JsonReader.FACTORY)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final JsonReader json;
    private final boolean columnNamedId;
    private FeatureRows context = FeatureRows.one();
    private FeatureRows items; // null until they are read
    private final List<JsonNode> ids = new ArrayList<>();
    private RankQuestion question = RankQuestion.ALL;

    private RankBody(JsonReader json, boolean columnNamedId) {
        this.json = json;
        this.columnNamedId = columnNamedId;
    }

    /// @param columnNamedId whether a feature reads a column `id`
    /// @param itemLimit items beyond which it is refused
    /// @throws InputException for what is no such request
    static Asked parse(byte[] bytes, boolean columnNamedId, int itemLimit) {
        return JsonReader.read(bytes, bytes.length, json -> new RankBody(json, columnNamedId).read(itemLimit));
    }

    private Asked read(int itemLimit) throws IOException {
        json.object("body", key -> {
            switch (key) {
                case "context" -> context = context();
                case "items" -> items = items(itemLimit);
                case "tasks" -> tasks();
                case "fusion" -> question = fusion();
                case "top_k" -> question = checked(json.integer(key, "a number of items"), question::top);
                case "explain" -> question = checked(explainCount(), question::explaining);
                default -> throw JsonReader.unknownKey("body", key, KEYS);
            }
        });
        if (items == null) {
            throw new InputException("items: expected an array, found nothing");
        }
        return new Asked(context, items, ids, question);
    }

    private FeatureRows context() throws IOException {
        JsonRows rows = new JsonRows(json, null);
        rows.add("context", null);
        return rows.build();
    }

    private FeatureRows items(int itemLimit) throws IOException {
        JsonRows rows = new JsonRows(json, columnNamedId ? null : ID);
        json.array("items", itemLimit, index -> ids.add(rows.add("items[" + index + "]", ID)));
        return rows.build();
    }

    private void tasks() throws IOException {
        List<String> tasks = new ArrayList<>();
        json.array("tasks", InferRequest.TENSOR_LIMIT, _ -> tasks.add(json.name("tasks", "names")));
        question = question.forTasks(tasks.toArray(String[]::new));
    }

    private RankQuestion fusion() throws IOException {
        if (json.isText()) {
            return question.fusedBy(json.name("fusion", "a name"));
        }
        try {
            return question.fusedBy(JSON.treeToValue(json.tree("fusion"), Fusion.class));
        } catch (JsonProcessingException problem) {
            throw new InputException(
                    "fusion: expected a name, or a type and weights: "
                            + problem.getOriginalMessage().lines().findFirst().orElse(""),
                    problem);
        }
    }

    private int explainCount() throws IOException {
        if (json.isBoolean()) {
            return json.scalar("explain", "true").equals(true) ? EXPLAIN_COUNT : 0;
        }
        int[] count = {-1};
        json.object("explain", key -> {
            if (!key.equals("items")) {
                throw JsonReader.unknownKey("explain", key, List.of("items"));
            }
            count[0] = json.integer("explain.items", "a number of items");
        });
        return count[0];
    }

    private static RankQuestion checked(int count, IntFunction<RankQuestion> with) {
        try {
            return with.apply(count);
        } catch (IllegalArgumentException problem) {
            throw new InputException(problem.getMessage(), problem);
        }
    }
}
