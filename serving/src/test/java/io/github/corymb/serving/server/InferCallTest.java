package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.SampleBundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferCallTest {

    private static final RankerOptions QUICK = new RankerOptions(Verification.EVERY_FILE, 1, 100, 1);
    private static final String INPUTS = """
        {"id": "q1", "inputs": [
          {"name": "user_id", "datatype": "INT64", "shape": [1], "data": [5]},
          {"name": "history", "datatype": "INT32", "shape": [1, 4], "data": [[3, 9, 4, -1]], "parameters": {"missing": -1}},
          {"name": "price", "datatype": "FP64", "shape": [1, 1], "data": [0.5]},
          {"name": "item_id", "datatype": "BYTES", "shape": [3], "data": ["7", "12", "16"]},
          {"name": "tags", "datatype": "BYTES", "shape": [3, 1], "data": ["a|d", null, "c"]}]\
        """;

    private static Path bundle;
    private static Ranking expected;
    private static RankServer server;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start(@TempDir Path folder) {
        bundle = SampleBundle.write(folder, "one", 7);
        server = RankServer.start(
                bundle, ServerOptions.STANDARD.at("127.0.0.1", 0), QUICK, "0.1.0", InstantSource.system());
        try (Ranker ranker = Ranker.open(bundle, QUICK)) {
            expected = ranker.rank(
                    FeatureRows.one()
                            .longs("user_id", 5)
                            .longLists("history", new long[] {3, 9, 4})
                            .doubles("price", 0.5),
                    FeatureRows.of(3).longs("item_id", 7, 12, 16).texts("tags", "a|d", null, "c"),
                    RankQuestion.ALL);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private HttpResponse<byte[]> infer(byte[] body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/v2/models/one/infer"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private JsonNode infer(String body) throws IOException, InterruptedException {
        return RankBody.JSON.readTree(
                infer(body.getBytes(StandardCharsets.UTF_8)).body());
    }

    @Test
    void tensorsGiveWhatTheLibraryGives() throws IOException, InterruptedException {
        JsonNode answer = infer(INPUTS + "}");
        assertEquals("q1", answer.path("id").asText());
        assertEquals("one", answer.path("model_name").asText());
        assertEquals("1", answer.path("model_version").asText());
        assertEquals(expected.bundle().digest(), answer.at("/parameters/bundle").asText());
        assertEquals(3, answer.path("outputs").size());
        for (JsonNode output : answer.path("outputs")) {
            String task = output.path("name").asText();
            assertEquals(
                    task.equals("level") ? "[3,3]" : "[3,1]",
                    output.path("shape").toString());
            assertEquals("FP32", output.path("datatype").asText());
            float[] values = new float[output.path("data").size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = output.path("data").get(i).floatValue();
            }
            assertArrayEquals(expected.task(task), values);
        }
    }

    @Test
    void outputsAreChosenByName() throws IOException, InterruptedException {
        JsonNode outputs =
                infer(INPUTS + ", \"outputs\": [{\"name\": \"money\"}]}").path("outputs");
        assertEquals(1, outputs.size());
        assertEquals("money", outputs.get(0).path("name").asText());
    }

    /// A user a row, as rows of a table are.
    @Test
    void contextOfEachRowIsItsOwn() throws IOException, InterruptedException {
        JsonNode answer = infer(INPUTS.replace("[1], \"data\": [5]", "[3], \"data\": [5, 5, 5]")
                        .replace("[1, 4], \"data\": [[3, 9, 4, -1]]", "[3, 3], \"data\": [3, 9, 4, 3, 9, 4, 3, 9, 4]")
                        .replace("[1, 1], \"data\": [0.5]", "[3, 1], \"data\": [[0.5], [0.5], [0.5]]")
                + "}");
        JsonNode click = answer.at("/outputs/0/data");
        for (int item = 0; item < 3; item++) {
            assertEquals(expected.task("click")[item], click.get(item).floatValue(), 1e-6f);
        }
    }

    @Test
    void valuesMayComeAndGoAsBytes() throws IOException, InterruptedException {
        String json = """
            {"inputs": [
              {"name": "user_id", "datatype": "INT64", "shape": [1], "parameters": {"binary_data_size": 8}},
              {"name": "history", "datatype": "UINT8", "shape": [1, 3], "parameters": {"binary_data_size": 3}},
              {"name": "item_id", "datatype": "INT16", "shape": [3], "data": [7, 12, 16]},
              {"name": "tags", "datatype": "BYTES", "shape": [3], "parameters":
                {"binary_data_size": 16, "missing": ""}},
              {"name": "price", "datatype": "FP32", "shape": [1], "parameters": {"binary_data_size": 4}}],
             "outputs": [{"name": "click", "parameters": {"binary_data": true}}, {"name": "money"}]}\
            """;
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(text.length + 31).order(ByteOrder.LITTLE_ENDIAN);
        body.put(text).putLong(5).put(new byte[] {3, 9, 4});
        for (String tag : new String[] {"a|d", "", "c"}) {
            body.putInt(tag.length()).put(tag.getBytes(StandardCharsets.UTF_8));
        }
        body.putFloat(0.5f);
        HttpResponse<byte[]> response =
                infer(body.array(), "Inference-Header-Content-Length", Integer.toString(text.length));
        assertEquals(200, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
        int length = Integer.parseInt(
                response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        JsonNode answer = RankBody.JSON.readTree(response.body(), 0, length);
        assertEquals(12, answer.at("/outputs/0/parameters/binary_data_size").asInt());
        ByteBuffer click = ByteBuffer.wrap(response.body(), length, 12).order(ByteOrder.LITTLE_ENDIAN);
        for (int item = 0; item < 3; item++) {
            assertEquals(expected.task("click")[item], click.getFloat());
            assertEquals(
                    expected.task("money")[item],
                    answer.at("/outputs/1/data").get(item).floatValue());
        }
        assertEquals(length + 12, response.body().length);
    }

    /// Every declared input, made up in its declared datatype and shape, is taken.
    @Test
    void metadataNamesWhatIsTaken() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v2/models/one"))
                .build();
        JsonNode metadata = RankBody.JSON.readTree(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        StringBuilder inputs = new StringBuilder();
        for (JsonNode input : metadata.path("inputs")) {
            String value = input.path("datatype").asText().equals("BYTES") ? "\"5\"" : "0.25";
            String shape = input.path("shape").toString().replace("-1", "2");
            String data = input.path("shape").size() == 1 ? "%s,%s" : "%s,%s,%s,%s";
            inputs.append(inputs.isEmpty() ? "" : ",")
                    .append("{\"name\": %s, \"datatype\": %s, \"shape\": %s, \"data\": [%s]}"
                            .formatted(input.path("name"), input.path("datatype"), shape, data.replace("%s", value)));
        }
        JsonNode answer = infer("{\"inputs\": [" + inputs + "]}");
        assertEquals(metadata.path("outputs").size(), answer.path("outputs").size(), answer.toString());
        for (int k = 0; k < answer.path("outputs").size(); k++) {
            JsonNode declared = metadata.path("outputs").get(k);
            JsonNode output = answer.path("outputs").get(k);
            assertEquals(declared.path("name"), output.path("name"));
            assertEquals(declared.path("datatype"), output.path("datatype"));
            assertEquals(
                    declared.path("shape").toString().replace("-1", "2"),
                    output.path("shape").toString());
        }
    }

    @Test
    void mistakesAreToldWithTheirPlace() throws IOException, InterruptedException {
        assertMistake("inputs: expected an array, found nothing", "{}");
        assertMistake(
                "inputs: expected some of [user_id, item_id, tags, history, price], found 'user_ids'; did you mean"
                        + " 'user_id'?",
                one("user_ids", "INT64", "[1]", "[5]"));
        assertMistake("input 'user_id': expected values of INT8, found 300", one("user_id", "INT8", "[1]", "[300]"));
        assertMistake("input 'user_id': expected values of INT64, found 1.5", one("user_id", "INT64", "[1]", "[1.5]"));
        assertMistake(
                "input 'user_id': expected data of 2 values as its shape says, found 1",
                one("user_id", "INT64", "[2]", "[5]"));
        assertMistake(
                "input 'user_id': expected a shape of 0 to 100 rows, found 101",
                one("user_id", "INT64", "[101]", "[5]"));
        assertMistake(
                "input 'user_id': expected a shape of 0 to 100 rows, found -1", one("user_id", "INT64", "[-1]", "[5]"));
        assertMistake("inputs[0].shape: expected at most 2, found more", one("user_id", "INT64", "[1, 1, 1]", "[5]"));
        assertMistake(
                "tasks: expected one of [click, money, level], found 'clicks'; did you mean 'click'?",
                INPUTS + ", \"outputs\": [{\"name\": \"clicks\"}]}");
        assertMistake(
                "column 'tags': expected a value for each of 3 rows, found 2",
                INPUTS.replace("[3, 1], \"data\": [\"a|d\", null", "[2, 1], \"data\": [\"a|d\"") + "}");
        assertMistake(
                "input 'user_id': expected no data and a binary_data_size of at most 0, found 8",
                "{\"inputs\": [{\"name\": \"user_id\", \"datatype\": \"INT64\", \"shape\": [1], "
                        + "\"parameters\": {\"binary_data_size\": 8}}]}");
    }

    private static String one(String name, String datatype, String shape, String data) {
        return "{\"inputs\": [{\"name\": \"%s\", \"datatype\": \"%s\", \"shape\": %s, \"data\": %s}]}"
                .formatted(name, datatype, shape, data);
    }

    private void assertMistake(String message, String body) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = infer(body.getBytes(StandardCharsets.UTF_8));
        JsonNode answer = RankBody.JSON.readTree(response.body());
        assertEquals(message, answer.path("error").asText(), answer.toString());
        assertEquals(400, response.statusCode());
    }
}
