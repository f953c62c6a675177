package io.github.corymb.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.serving.Ranker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What some bundles answer to the same questions, by which a server's answers are checked: one must name a version
/// that was published, the digest of its bundle, and the scores that this bundle gives. Any number of threads check.
final class KnownAnswers implements RankCaller.Check {

    private static final double SAME = 1e-6; // of two scores
    private static final JsonMapper JSON = new JsonMapper();

    private final int topCount;
    private final Map<Path, String> digests = new HashMap<>(); // by bundle
    private final Map<String, List<double[]>> scores = new HashMap<>(); // by digest, a question each
    private final Map<String, String> published = new ConcurrentHashMap<>(); // version → digest
    private final Set<String> met = ConcurrentHashMap.newKeySet(); // versions
    private final LongAdder mixed = new LongAdder();

    /// @param models of which the first one's rows are asked about
    /// @param questionCount of different requests
    /// @param topCount items of an answer
    KnownAnswers(List<RankModel> models, int questionCount, int itemCount, int topCount) {
        this.topCount = topCount;
        RankModel asked = models.getFirst();
        for (RankModel model : models) {
            try (Ranker ranker = Ranker.open(model.bundle())) {
                List<double[]> own = new ArrayList<>();
                for (int question = 0; question < questionCount; question++) {
                    own.add(ranker.rank(asked.userRows(question, 1), asked.itemRows(question, itemCount))
                            .scores());
                }
                digests.put(model.bundle(), ranker.bundle().digest());
                scores.put(ranker.bundle().digest(), own);
            }
        }
    }

    /// A model is about to be seen as a version.
    void publish(String version, RankModel model) {
        published.put(version, digests.get(model.bundle()));
    }

    /// Answers that were not as one bundle gives them.
    long mixedCount() {
        return mixed.sum();
    }

    /// How many versions have answered.
    int metCount() {
        return met.size();
    }

    @Override
    public boolean isRight(int question, HttpConnection answered) throws IOException {
        return isRight(question, answered.body());
    }

    boolean isRight(int question, byte[] body) throws IOException {
        JsonNode answer = JSON.readTree(body);
        String version = answer.path("version").asText();
        String digest = answer.path("bundle").asText();
        boolean right = digest.equals(published.get(version))
                && answer.path("items").size() == topCount
                && isScored(answer.path("items"), scores.get(digest).get(question));
        met.add(version);
        if (!right) {
            mixed.increment();
        }
        return right;
    }

    private static boolean isScored(JsonNode items, double[] expected) {
        for (JsonNode item : items) {
            double score = expected[item.path("index").asInt()];
            if (!(Math.abs(item.path("score").asDouble(Double.NaN) - score) <= SAME)) {
                return false;
            }
        }
        return true;
    }
}
