package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// What a server tells of its models, as the Open Inference Protocol v2 names it, and as our own list.
final class ModelPages {

    static final String SERVER = "corymb";
    static final String PLATFORM = "corymb_bundle";
    static final List<String> EXTENSIONS = List.of("binary_tensor_data");

    private ModelPages() {}

    /// `GET /v2`
    static ObjectNode server(String version) {
        ObjectNode page = RankBody.JSON.createObjectNode();
        page.put("name", SERVER).put("version", version);
        EXTENSIONS.forEach(page.putArray("extensions")::add);
        return page;
    }

    /// `GET /v2/models/NAME`
    static ObjectNode metadata(Models.Version version, List<String> versions) {
        ObjectNode page = RankBody.JSON.createObjectNode();
        page.put("name", version.model());
        versions.forEach(page.putArray("versions")::add);
        page.put("platform", PLATFORM);
        ArrayNode inputs = page.putArray("inputs");
        ModelTensor.inputs(version.ranker().schema()).values().forEach(tensor -> add(tensor, inputs));
        ArrayNode outputs = page.putArray("outputs");
        ModelTensor.outputs(version.ranker()).forEach(tensor -> add(tensor, outputs));
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

    private static void add(ModelTensor tensor, ArrayNode to) {
        ObjectNode entry = to.addObject()
                .put("name", tensor.name())
                .put("datatype", tensor.datatype().name());
        ArrayNode shape = entry.putArray("shape");
        for (long length : tensor.shape()) {
            shape.add(length);
        }
    }
}
