package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.corymb.feature.Feature;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.Side;
import io.github.corymb.serving.BundleDescription;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// `GET /v1/models/NAME[/versions/VERSION]/schema`: what a ranking request to this version may say: the columns of
/// context and items, tasks, fusions, and rows to try it with.
final class SchemaPage {

    private SchemaPage() {}

    static ObjectNode write(Models.Version version, BundleDescription bundle) {
        ObjectNode page = RankBody.JSON.createObjectNode();
        page.put("model", version.model())
                .put("version", version.version())
                .put("bundle", bundle.identity().digest());
        columns(page.putArray("context"), bundle, false);
        columns(page.putArray("items"), bundle, true);
        ArrayNode tasks = page.putArray("tasks");
        for (FittedTask task : bundle.tasks()) {
            ObjectNode entry = tasks.addObject()
                    .put("name", task.name())
                    .put("type", task.task().type());
            if (task.width() > 1) {
                task.classes().forEach(entry.putArray("classes")::add);
            }
        }
        page.set("fusions", RankBody.JSON.valueToTree(bundle.fusions()));
        bundle.examples().ifPresent(examples -> page.set("examples", RankBody.JSON.valueToTree(examples)));
        return page;
    }

    /// A column once, also where several features read it; a feature of numbers then says what it holds.
    private static void columns(ArrayNode into, BundleDescription bundle, boolean ofItem) {
        Map<String, ObjectNode> columns = new LinkedHashMap<>();
        bundle.schema().features().forEach((name, feature) -> {
            if ((feature.side() == Side.ITEM) == ofItem) {
                String column = feature.columnOr(name);
                ObjectNode entry = columns.computeIfAbsent(column, _ -> into.addObject());
                String kind = entry.path("kind").asText();
                if (!kind.equals("number") && !kind.equals("vector")) {
                    entry.put("name", column).put("side", feature.side().name().toLowerCase(Locale.ROOT));
                    describe(feature, entry);
                }
                entry.withArray("features").add(name);
            }
        });
    }

    private static void describe(Feature feature, ObjectNode entry) {
        switch (feature) {
            case Feature.Categorical _ -> entry.put("kind", "category");
            case Feature.Numeric _ -> entry.put("kind", "number");
            case Feature.Dense dense -> entry.put("kind", "vector").put("length", dense.length());
            case Feature.Bag bag ->
                entry.put("kind", "list").put("separator", bag.separator()).put("length", bag.limit());
            case Feature.Sequence sequence ->
                entry.put("kind", "list").put("separator", sequence.separator()).put("length", sequence.length());
        }
    }
}
