package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.Ranker;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.SampleBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainBodyTest {

    @TempDir
    private static Path folder;

    private static Asked parse(String explain) {
        String body = "{\"context\": {\"user_id\": 5}, \"items\": [{\"item_id\": 7}, {\"item_id\": 12}, "
                + "{\"item_id\": 16, \"tags\": \"c\"}], \"tasks\": [\"click\", \"level\"]" + explain + "}";
        return RankBody.parse(body.getBytes(StandardCharsets.UTF_8), false, 100);
    }

    @Test
    void asksForAsManyItemsAsItSays() {
        Map<String, Integer> counts = Map.of(
                "",
                0,
                ", \"explain\": false",
                0,
                ", \"explain\": true",
                10,
                ", \"explain\": {\"items\": 3}",
                3,
                ", \"explain\": {\"items\": 0}",
                0);
        counts.forEach((explain, count) ->
                assertEquals(count, parse(explain).question().explainCount(), explain));
    }

    @Test
    void whatIsNoNumberOfItemsIsRefused() {
        Map<String, String> messages = Map.of(
                "{\"items\": 51}", "explain.items: expected from 0 to 50, found 51",
                "{\"items\": -1}", "explain.items: expected from 0 to 50, found -1",
                "{\"item\": 5}", "explain: unknown key 'item'; did you mean 'items'?",
                "{\"items\": 1.5}", "explain.items: expected a number of items, found 1.5",
                "7", "explain: expected an object, found number",
                "null", "explain: expected an object, found null");
        messages.forEach((explain, message) -> assertEquals(
                message,
                assertThrows(InputException.class, () -> parse(", \"explain\": " + explain))
                        .getMessage()));
    }

    @Test
    void theBestItemsBearTheirExplanation() throws IOException {
        try (Ranker ranker = Ranker.open(SampleBundle.write(folder, "one", 7))) {
            Asked body = parse(", \"explain\": {\"items\": 2}");
            Ranking ranking = ranker.rank(body.context(), body.items(), body.question());
            byte[] json = RankAnswer.write(new Models.Version("one", "1", ranker), ranking, body.ids());
            JsonNode items = RankBody.JSON.readTree(json).get("items");
            assertEquals(3, items.size());
            assertTrue(items.get(2).path("explanation").isMissingNode());
            List<String> features = List.of("user_id", "item_id", "tags", "history", "price");
            for (int place = 0; place < 2; place++) {
                Ranking.Explanation expected = ranking.explanations().get(place);
                JsonNode found = items.get(place).get("explanation");
                assertEquals(2, found.size());
                for (int f = 0; f < features.size(); f++) {
                    assertEquals(expected.differences().getFirst()[f], (float)
                            found.get("click").get(features.get(f)).asDouble());
                    for (int c = 0; c < 3; c++) {
                        assertEquals(expected.differences().get(1)[3 * f + c], (float)
                                found.get("level").get(features.get(f)).get(c).asDouble());
                    }
                }
            }
        }
    }
}
