package io.github.corymb.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.Experiment;
import io.github.corymb.data.SampleRows;
import io.github.corymb.embedding.Storage;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.Ranker;
import io.github.corymb.train.Exporter;
import io.github.corymb.train.RunFolder;
import io.github.corymb.train.TrainListener;
import io.github.corymb.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A bundle, and users and items of its own data to ask it about.
///
/// @param name as figures tell it
/// @param bundle its folder
/// @param users columns of user and context, a request each
/// @param items columns of an item each
record RankModel(String name, Path bundle, List<Map<String, Object>> users, List<Map<String, Object>> items) {

    private static final int ROW_COUNT = 2_000; // of the data, that requests are made of
    private static final int STRIDE = 37; // items from one request's first to the next one's
    private static final JsonMapper JSON = new JsonMapper();

    /// Trains and exports an experiment.
    ///
    /// @param folder missing; whoever asked removes it
    static RankModel of(RankCase one, Path folder) throws IOException {
        Experiment experiment = one.experiment().get();
        RunFolder run = RunFolder.create(folder.resolve("run"));
        try (Trainer trainer = new Trainer(experiment, run, TrainListener.NONE, () -> false, InstantSource.system())) {
            trainer.train(false);
        }
        Path bundle = folder.resolve("bundle");
        Exporter.export(run.path(), bundle, Storage.FLOAT32, false, Map.of(), InstantSource.system());
        try (Ranker ranker = Ranker.open(bundle)) {
            FeatureSchema schema = ranker.schema();
            List<Map<String, Object>> rows = SampleRows.read(experiment.data(), experiment.folder(), schema, ROW_COUNT);
            return new RankModel(one.name(), bundle, side(rows, schema, false), side(rows, schema, true));
        }
    }

    private static List<Map<String, Object>> side(
            List<Map<String, Object>> rows, FeatureSchema schema, boolean ofItem) {
        List<String> columns = schema.columns(ofItem);
        List<Map<String, Object>> picked = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            Map<String, Object> values = new LinkedHashMap<>();
            columns.forEach(column -> values.put(column, row.get(column)));
            picked.add(values);
        }
        return picked;
    }

    /// The columns of the user whom a request is about, `count` times.
    Map<String, List<Object>> user(int request, int count) {
        return columns(users, IntStream.range(0, count).map(_ -> request * STRIDE));
    }

    /// The columns of the items of a request.
    Map<String, List<Object>> items(int request, int count) {
        return columns(items, IntStream.range(0, count).map(at -> request * STRIDE + at));
    }

    FeatureRows userRows(int request, int count) {
        return rows(user(request, count), count);
    }

    FeatureRows itemRows(int request, int count) {
        return rows(items(request, count), count);
    }

    private static FeatureRows rows(Map<String, List<Object>> columns, int rowCount) {
        FeatureRows rows = FeatureRows.of(rowCount);
        columns.forEach(rows::values);
        return rows;
    }

    private static Map<String, List<Object>> columns(List<Map<String, Object>> rows, IntStream indices) {
        Map<String, List<Object>> columns = new LinkedHashMap<>();
        indices.map(index -> index % rows.size())
                .forEach(index -> rows.get(index)
                        .forEach((name, value) -> columns.computeIfAbsent(name, _ -> new ArrayList<>())
                                .add(value)));
        return columns;
    }

    /// The body of a request by HTTP.
    byte[] json(int request, int count, Map<String, Object> more) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("context", users.get(request * STRIDE % users.size()));
        body.put(
                "items",
                IntStream.range(0, count)
                        .mapToObj(at -> items.get((request * STRIDE + at) % items.size()))
                        .toList());
        body.putAll(more);
        return JSON.writeValueAsBytes(body);
    }
}
