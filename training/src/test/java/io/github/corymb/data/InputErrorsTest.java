package io.github.corymb.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Task;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputErrorsTest {

    private static final String SOURCE = "SELECT 1 AS u, 2 AS rating, 'x' AS t, NULL AS n, 0.5 AS p FROM range(5)";

    @TempDir
    Path folder;

    private void assertSource(String message, String source) {
        assertMessage(message, source, Fixture.categorical("u"), new Task.Binary("y", null, null, null));
    }

    private void assertTask(String message, Task task) {
        assertMessage(message, SOURCE, Fixture.categorical("u"), task);
    }

    private void assertMessage(String message, String source, Map<String, Feature> features, Task task) {
        InputException e = assertThrows(
                InputException.class,
                () -> Fixture.load(folder, Fixture.spec(source, Fixture.ALL_TRAIN), features, Map.of("like", task))
                        .close());
        assertEquals(message, e.getMessage());
    }

    @Test
    void filesThatAreNotThere() {
        assertSource("data.source: expected a readable file, found none at ratings.csv", "ratings.csv");
        assertSource(
                "data.source: expected a readable file, found none at no/ratings.csv",
                "SELECT * FROM 'no/ratings.csv'");
        assertSource("data.source: expected a readable file, found none at x.csv", "FROM read_csv('x.csv')");
        assertSource("data.source: expected a readable file, found none at none*.parquet", "none*.parquet");
        assertSource(
                "data.source: expected SQL that starts with SELECT, WITH or FROM, or a file that ends in .csv, .tsv,"
                        + " .parquet, .json, .ndjson or .jsonl, found 'DELETE FROM x'",
                "DELETE FROM x");
    }

    @Test
    void sqlErrorsHaveAPlaceInWhatWasWritten() {
        Fixture.write(folder, "r.csv", "user,rating\n1,4\n");
        assertSource("data.source, line 1, column 12: syntax error at or near \"c\"", "SELECT a b c d");
        assertSource(
                "data.source, line 2, column 8: expected a column of the data, found 'ratng'; did you mean 'rating'?",
                "SELECT 1 AS é,\n       ratng FROM 'r.csv'");
        assertSource(
                "data.source, line 2, column 1: expected a column of the data, found 'usr'; did you mean 'user'?",
                "SELECT * FROM 'r.csv' WHERE\nusr = 1");
        assertSource("data.source: expected one statement, found 2", "SELECT 1; SELECT 2");
        assertSource("data.source: expected 1 to 2147483639 rows, found 0", "SELECT 1 AS u, 1 AS y WHERE false");
    }

    @Test
    void labelsOfTheWrongType() {
        assertTask(
                "tasks.like.label: expected BOOLEAN or a number that is 0 or 1, found VARCHAR",
                new Task.Binary("t", null, null, null));
        assertTask(
                "tasks.like.label: expected a number, found BOOLEAN",
                new Task.Regression("rating > 1", null, null, null, null, null, null));
        assertTask(
                "tasks.like.label: expected text or an integer, found DOUBLE",
                new Task.Multiclass("rating / 2", null, null, null, null));
        assertTask(
                "tasks.like.where: expected BOOLEAN, found INTEGER",
                new Task.Binary("rating > 1", "rating", null, null));
        assertTask(
                "tasks.like.row_weight: expected a number, found VARCHAR",
                new Task.Binary("rating > 1", null, null, "t"));
        assertTask(
                "tasks.like.label: expected a column of the data, found 'ratng'; did you mean 'rating'?",
                new Task.Binary("ratng > 1", null, null, null));
    }

    @Test
    void labelsOfTheWrongValueNameTheRow() {
        assertTask(
                "task 'like': expected a label of 0 or 1, found 2 (row 1)",
                new Task.Binary("rating", null, null, null));
        assertTask(
                "task 'like', row_weight: expected a weight of at least 0, found NULL (row 1)",
                new Task.Binary("rating > 1", null, null, "n"));
        assertMessage(
                "task 'like': expected a label of 0 or 1, found 3 (row 4)",
                "SELECT range AS u, range AS y FROM range(10)",
                Fixture.categorical("u"),
                new Task.Binary("CASE WHEN y = 3 THEN 3 ELSE 0 END", null, null, null));
    }

    @Test
    void validationFindsAWrongValueToo() {
        Map<String, Feature> features = Map.of("x", new Feature.Numeric(null, "t", null, null, null, null));
        InputException e = assertThrows(
                InputException.class,
                () -> Dataset.check(
                        Fixture.spec(SOURCE, null), folder, features, Fixture.binary("like", "rating > 1")));
        assertEquals("feature 'x': expected a number, found text 'x' (row 1)", e.getMessage());
    }

    @Test
    void anErrorWhileRowsAreReadIsOneLine() {
        Fixture.write(folder, "bad.csv", "u,y\n" + "1,1\n".repeat(30_000) + "x,1\n");
        InputException e = assertThrows(
                InputException.class,
                () -> Fixture.load(
                                folder,
                                Fixture.spec("bad.csv", Fixture.ALL_TRAIN),
                                Fixture.categorical("u"),
                                Fixture.binary("y", "y"))
                        .close());
        assertEquals(
                "data.source: CSV Error on Line: 30002 Original Line: x,1 Error when converting column \"u\". Could not"
                        + " convert string \"x\" to 'BIGINT' Column u is being converted as type BIGINT This type was"
                        + " auto-detected from the CSV file.",
                e.getMessage());
    }

    @Test
    void featuresOfTheWrongNameOrType() {
        assertMessage(
                "features.usr: expected a column of the data, found 'usr'",
                SOURCE,
                Fixture.categorical("usr"),
                new Task.Binary("rating > 1", null, null, null));
        assertMessage(
                "features.s: expected a column of numbers, text, dates or lists of them, found STRUCT(a INTEGER)",
                "SELECT {'a': 1} AS s, true AS y",
                Fixture.categorical("s"),
                new Task.Binary("y", null, null, null));
        assertMessage(
                "feature 'x': expected a finite number, found NaN (row 3)",
                "SELECT CASE WHEN range = 2 THEN 'nan'::DOUBLE ELSE 1 END AS x, true AS y FROM range(9)",
                Map.of("x", new Feature.Numeric(null, null, null, null, null, null)),
                new Task.Binary("y", null, null, null));
    }
}
