package io.github.corymb.serving;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The lines that the documentation of [Ranker] shows.
final class RankerExample {

    private RankerExample() {}

    /// What they print.
    static String run(Path bundle, Path newBundle) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try (Ranker ranker = Ranker.open(bundle)) {
            FeatureRows user = FeatureRows.one().longs("user_id", 5).longLists("history", new long[] {3, 9, 4});
            FeatureRows items = FeatureRows.of(3).longs("item_id", 7, 12, 16).texts("tags", "a|d", "b|d", "c");
            Ranking ranking = ranker.rank(user, items);
            for (int item : ranking.order()) {
                out.println(item + " " + ranking.scores()[item] + " " + ranking.task("click")[item]);
            }
            ranker.swap(newBundle); // requests under way end with the old one
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
