package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FeatureSchema;
import java.util.List;

/// What a server tells of its models, as the Open Inference Protocol v2 names it, and as our own list.
final class ModelPages {

    private ModelPages() {}

    /// `GET /v2`
    static ObjectNode server(String version) {
        ObjectNode page = RankBody.JSON.createObjectNode();
        page.put("name", "corymb").put("version", version).putArray("extensions");
        return page;
    }

    /// `GET /v2/models/NAME`: inputs are columns, one value a row; outputs are tasks.
    static ObjectNode metadata(Models.Version version, List<String> versions) {
        ObjectNode page = RankBody.JSON.createObjectNode();
        page.put("name", version.model());
        versions.forEach(page.putArray("versions")::add);
        page.put("platform", "corymb_bundle");
        ArrayNode inputs = page.putArray("inputs");
        FeatureSchema schema = version.ranker().schema();
        schema.features().forEach((name, feature) -> {
            boolean list = feature instanceof Feature.Bag || feature instanceof Feature.Sequence;
            ObjectNode input =
                    inputs.addObject().put("name", feature.columnOr(name)).put("datatype", type(feature));
            ArrayNode shape = input.putArray("shape").add(-1);
            if (feature instanceof Feature.Dense dense) {
                shape.add(dense.length());
            } else if (list) {
                shape.add(-1);
            }
        });
        ArrayNode outputs = page.putArray("outputs");
        for (GraphSignature.Output output : version.ranker().tasks()) {
            outputs.addObject()
                    .put("name", output.name())
                    .put("datatype", "FP32")
                    .putArray("shape")
                    .add(-1)
                    .add(output.width());
        }
        return page;
    }

    /// `GET /v1/models`
    static ObjectNode list(Models models) {
        ObjectNode page = RankBody.JSON.createObjectNode();
        ArrayNode all = page.putArray("models");
        for (Models.Version version : models.all()) {
            ObjectNode entry = all.addObject()
                    .put("name", version.model())
                    .put("version", version.version())
                    .put("bundle", version.ranker().bundle().digest())
                    .put("created", version.ranker().bundle().created().toString());
            ArrayNode labels = entry.putArray("labels");
            models.labels(version.model()).forEach((label, of) -> {
                if (of.equals(version.version())) {
                    labels.add(label);
                }
            });
            ArrayNode tasks = entry.putArray("tasks");
            version.ranker().tasks().forEach(task -> tasks.add(task.name()));
            version.ranker().fusions().forEach(entry.putArray("fusions")::add);
        }
        models.refusals().forEach(page.putArray("refused")::add);
        return page;
    }

    private static String type(Feature feature) {
        return switch (feature) {
            case Feature.Numeric _, Feature.Dense _ -> "FP64";
            case Feature.Categorical _, Feature.Bag _, Feature.Sequence _ -> "BYTES";
        };
    }
}
