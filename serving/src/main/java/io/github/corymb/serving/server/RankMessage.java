package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.rpc.Explanation;
import io.github.corymb.serving.rpc.Item;
import io.github.corymb.serving.rpc.Prediction;
import io.github.corymb.serving.rpc.RankRequest;
import io.github.corymb.serving.rpc.RankResponse;
import io.github.corymb.serving.rpc.RankedItem;
import io.github.corymb.serving.rpc.Value;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A ranking request as a message of gRPC. It means what [RankBody] means.
final class RankMessage {

    private RankMessage() {}

    /// @param itemLimit items beyond which it is refused
    /// @throws InputException where the bytes are no such message
    static RankRequest parse(byte[] bytes, int itemLimit) {
        requireUnderLimit(bytes, itemLimit);
        return GrpcMethod.parse(RankRequest.parser(), bytes);
    }

    /// @throws InputException for what contradicts itself
    static Asked read(RankRequest message) {
        List<Map<String, Object>> items = message.getItemsList().stream()
                .map(Item::getColumnsMap)
                .map(RankMessage::values)
                .toList();
        List<JsonNode> ids =
                message.getItemsList().stream().map(RankMessage::id).toList();
        return new Asked(
                FeatureRows.ofMaps(List.of(values(message.getContextMap()))),
                FeatureRows.ofMaps(items),
                ids,
                question(message));
    }

    static RankResponse write(Models.Version version, Ranking ranking, RankRequest message) {
        RankResponse.Builder answer = RankResponse.newBuilder()
                .setModel(version.model())
                .setVersion(version.version())
                .setBundle(ranking.bundle().digest());
        if (ranking.fusion() != null) {
            answer.setFusion(ranking.fusion());
        }
        for (int place = 0; place < ranking.order().length; place++) {
            answer.addItems(item(place, ranking, message));
        }
        return answer.build();
    }

    private static RankedItem item(int place, Ranking ranking, RankRequest message) {
        int index = ranking.order()[place];
        RankedItem.Builder item = RankedItem.newBuilder()
                .setIndex(index)
                .setId(message.getItems(index).getId());
        if (ranking.fusion() != null) {
            item.setScore(ranking.scores()[index]);
        }
        for (int t = 0; t < ranking.tasks().size(); t++) {
            Ranking.TaskScores task = ranking.tasks().get(t);
            item.putTasks(task.task(), prediction(task.values(), index, task.width()));
            if (place < ranking.explanations().size()) {
                Ranking.Explanation explained = ranking.explanations().get(place);
                item.putExplanation(task.task(), explanation(explained, t, task.width()));
            }
        }
        return item.build();
    }

    private static Explanation explanation(Ranking.Explanation explained, int task, int width) {
        Explanation.Builder explanation = Explanation.newBuilder();
        for (int f = 0; f < explained.features().size(); f++) {
            explanation.putFeatures(
                    explained.features().get(f),
                    prediction(explained.differences().get(task), f, width));
        }
        return explanation.build();
    }

    private static Prediction prediction(float[] rows, int row, int width) {
        Prediction.Builder prediction = Prediction.newBuilder();
        for (int c = 0; c < width; c++) {
            prediction.addValues(rows[row * width + c]);
        }
        return prediction.build();
    }

    /// Items are counted before any is made.
    private static void requireUnderLimit(byte[] bytes, int itemLimit) {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        int count = 0;
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == RankRequest.ITEMS_FIELD_NUMBER && ++count > itemLimit) {
                    throw new InputException("items: expected at most %d, found more".formatted(itemLimit));
                }
                in.skipField(tag);
            }
        } catch (IOException problem) {
            throw new InputException("message: expected one of this method: " + problem.getMessage(), problem);
        }
    }

    private static JsonNode id(Item item) {
        return item.getId().isEmpty() ? null : TextNode.valueOf(item.getId());
    }

    private static RankQuestion question(RankRequest message) {
        RankQuestion question = RankQuestion.ALL.forTasks(names(message.getTasksList()));
        if (message.hasFusionName()) {
            question = question.fusedBy(names(List.of(message.getFusionName()))[0]);
        } else if (message.hasFusionDefinition()) {
            question = question.fusedBy(definition(message.getFusionDefinition()));
        }
        try {
            question = question.explaining(message.getExplainItems());
            return message.getTopK() == 0 ? question : question.top(message.getTopK());
        } catch (IllegalArgumentException problem) {
            throw new InputException(problem.getMessage(), problem);
        }
    }

    private static String[] names(List<String> names) {
        for (String name : names) {
            if (name.length() > JsonReader.NAME_LIMIT) {
                throw new InputException("tasks and fusion: expected names of at most %d characters, found %d"
                        .formatted(JsonReader.NAME_LIMIT, name.length()));
            }
        }
        return names.toArray(String[]::new);
    }

    private static Fusion definition(io.github.corymb.serving.rpc.Fusion fusion) {
        Map<String, Double> weights = fusion.getWeightsMap();
        try {
            return switch (fusion.getKind()) {
                case WEIGHTED_SUM -> new Fusion.WeightedSum(weights);
                case POWER_PRODUCT -> new Fusion.PowerProduct(weights);
                case RANK_SUM -> new Fusion.RankSum(weights);
                case KIND_UNSPECIFIED, UNRECOGNIZED ->
                    throw new InputException("fusion: expected a kind, found " + fusion.getKindValue());
            };
        } catch (IllegalArgumentException problem) {
            throw new InputException("fusion: " + problem.getMessage(), problem);
        }
    }

    private static Map<String, Object> values(Map<String, Value> columns) {
        Map<String, Object> values = LinkedHashMap.newLinkedHashMap(columns.size());
        columns.forEach((name, value) -> values.put(name, plain(value)));
        return values;
    }

    private static Object plain(Value value) {
        return switch (value.getKindCase()) {
            case INTEGER -> value.getInteger();
            case NUMBER -> value.getNumber();
            case TEXT -> value.getText();
            case BOOLEAN -> value.getBoolean();
            case INTEGERS -> value.getIntegers().getValuesList();
            case NUMBERS -> value.getNumbers().getValuesList();
            case TEXTS -> value.getTexts().getValuesList();
            case KIND_NOT_SET -> null;
        };
    }
}
