package io.github.corymb.data;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.InputException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakCheckTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeFiles() {
        Fixture.write(folder, "r.csv", "user,item,rating,time\n1,10,4,1\n1,11,5,2\n2,20,1,3\n");
        Fixture.write(folder, "m.csv", "item,title\n10,a\n11,b\n");
    }

    private void check(String source, String feature, Boolean labelDerived) {
        Map<String, Feature> features =
                Map.of("f", new Feature.Bag(null, feature, labelDerived, null, null, null, "|", null));
        Dataset.check(Fixture.spec(source, Fixture.ALL_TRAIN), folder, features, Fixture.binary("like", "rating >= 4"));
    }

    private void assertLeaks(String source, String column, String why) {
        String expected = "features.f: column '" + column + "' " + why + " the label of task 'like'; remove it, or set"
                + " label_derived: true if this is on purpose";
        InputException leak = assertThrows(InputException.class, () -> check(source, column, null));
        assertEquals(expected, leak.getMessage());
        assertDoesNotThrow(() -> check(source, column, true));
    }

    @Test
    void aColumnThatTheLabelReadsIsRefused() {
        assertLeaks("r.csv", "rating", "is read by");
        assertLeaks("SELECT * FROM 'r.csv'", "RATING", "is read by");
    }

    @Test
    void aColumnComputedFromTheLabelsColumnIsRefused() {
        String why = "comes from 'rating' like";
        assertLeaks("SELECT *, rating / 5 AS stars FROM 'r.csv'", "stars", why);
        assertLeaks("SELECT *, half + 1 AS more FROM (SELECT *, rating / 2 AS half FROM 'r.csv')", "more", why);
        assertLeaks("WITH q AS (SELECT *, rating + 1 AS x FROM 'r.csv') SELECT q.*, q.x AS y FROM q", "y", why);
        assertLeaks("SELECT r.*, CASE WHEN r.rating > 3 THEN 1 END AS good FROM 'r.csv' r", "good", why);
        assertLeaks(
                "SELECT *, list(item) FILTER (rating > 3) OVER (PARTITION BY user ORDER BY time) AS liked FROM 'r.csv'",
                "liked",
                why);
        assertLeaks("SELECT * REPLACE (rating + time AS time) FROM 'r.csv'", "time", why);
        assertLeaks(
                "SELECT rating, item AS x FROM 'r.csv' UNION ALL SELECT rating, rating AS x FROM 'r.csv'", "x", why);
    }

    @Test
    void aColumnThatTheLabelsColumnIsComputedFromIsRefused() {
        assertLeaks("SELECT time AS minutes, time * 2 AS rating FROM 'r.csv'", "minutes", "comes from 'time' like");
    }

    @Test
    void columnsOfOtherOriginPass() {
        String join = "SELECT r.*, m.title, list(item) OVER (PARTITION BY user ORDER BY time) AS history"
                + " FROM 'r.csv' r JOIN 'm.csv' m USING (item)";
        assertDoesNotThrow(() -> check(join, "title", null));
        assertDoesNotThrow(() -> check(join, "history", null));
        assertDoesNotThrow(() -> check("r.csv", "item", null));
    }
}
