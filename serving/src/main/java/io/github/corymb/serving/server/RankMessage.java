package io.github.corymb.serving.server;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.github.corymb.bundle.Fusion;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import io.github.corymb.serving.Ranking;
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
record RankMessage(RankRequest message, FeatureRows context, FeatureRows items, RankQuestion question) {

    /// @throws InputException for what is no such request
    static RankMessage parse(byte[] bytes, int itemLimit) {
        requireUnderLimit(bytes, itemLimit);
        RankRequest message = GrpcMethod.parse(RankRequest.parser(), bytes);
        List<Map<String, Object>> items = message.getItemsList().stream()
                .map(Item::getColumnsMap)
                .map(RankMessage::values)
                .toList();
        return new RankMessage(
                message,
                FeatureRows.ofMaps(List.of(values(message.getContextMap()))),
                FeatureRows.ofMaps(items),
                question(message));
    }

    RankResponse answer(Models.Version version, Ranking ranking) {
        RankResponse.Builder answer = RankResponse.newBuilder()
                .setModel(version.model())
                .setVersion(version.version())
                .setBundle(ranking.bundle().digest());
        if (ranking.fusion() != null) {
            answer.setFusion(ranking.fusion());
        }
        for (int index : ranking.order()) {
            RankedItem.Builder item = answer.addItemsBuilder()
                    .setIndex(index)
                    .setId(message.getItems(index).getId());
            if (ranking.fusion() != null) {
                item.setScore(ranking.scores()[index]);
            }
            for (Ranking.TaskScores task : ranking.tasks()) {
                Prediction.Builder prediction = Prediction.newBuilder();
                for (int c = 0; c < task.width(); c++) {
                    prediction.addValues(task.values()[index * task.width() + c]);
                }
                item.putTasks(task.task(), prediction.build());
            }
        }
        return answer.build();
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

    private static RankQuestion question(RankRequest message) {
        if (message.getTopK() < 0) {
            throw new InputException("top_k: expected a number of items, found one beyond 31 bits");
        }
        Fusion own = message.hasFusionDefinition() ? definition(message.getFusionDefinition()) : null;
        return new RankQuestion(
                message.getTasksList(),
                message.hasFusionName() ? message.getFusionName() : null,
                own,
                message.getTopK() == 0 ? Integer.MAX_VALUE : message.getTopK());
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
