package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FeatureSchemaTest {

    @Test
    void fieldsAndWidthsFollowTheOrderOfTheFeatures() {
        Map<String, Feature> features = new LinkedHashMap<>();
        features.put("history", sequence("movie_id", null));
        features.put("price", numeric(Scaling.STANDARD));
        features.put("movie_id", categorical(null, 24, null));
        features.put("age", numeric(Scaling.QUANTILE));
        features.put("vector", new Feature.Dense(null, "movie_id", null, 5));
        FeatureSchema schema = new FeatureSchema(features);
        assertEquals(
                List.of(
                        new Field("history", "movie_id", 24, Pooling.MEAN, Side.CONTEXT),
                        new Field("movie_id", "movie_id", 24, Pooling.SUM, Side.CONTEXT),
                        new Field("age", "age", 8, Pooling.SUM, Side.CONTEXT)),
                schema.fields());
        assertEquals(24 + 24 + 8, schema.embeddingWidth());
        assertEquals(2 + (5 + 1), schema.numericWidth());
        assertEquals(List.of("history", "price", "movie_id", "age"), schema.columns());
        assertEquals(
                List.of("history", "movie_id"), schema.tables().get("movie_id").features());
    }

    @Test
    void theJsonOfASchemaGivesItBack() throws JsonProcessingException {
        Map<String, Feature> features = new LinkedHashMap<>();
        features.put("z", categorical(null, 4, List.of("a", "b")));
        features.put("a", new Feature.Bag(Side.ITEM, "genres", true, "z", null, Pooling.SUM, "|", 3));
        features.put("h", sequence("z", 4));
        features.put("n", numeric(Scaling.MIN_MAX));
        features.put("q", numeric(Scaling.QUANTILE));
        features.put("d", new Feature.Dense(Side.USER, null, null, 7));
        FeatureSchema schema = new FeatureSchema(features)
                .withStatistics(Map.of("n", new FeatureStatistics(10, 1, 0.1, 1.0 / 3, -5, 7, List.of(0.5, 1e300))));
        ObjectMapper json = new ObjectMapper();
        FeatureSchema read = json.readValue(json.writeValueAsString(schema), FeatureSchema.class);
        assertEquals(schema, read);
        assertEquals(schema.fields(), read.fields()); // the order too
        assertEquals(schema.columns(), read.columns());
    }

    @Test
    void aSchemaWithoutFeaturesIsRefused() {
        assertRefused("features: expected at least one, found none", Map.of());
        assertRefused("feature 'b': expected a type, found nothing", ordered("a", numeric(Scaling.NONE), "b", null));
    }

    @Test
    void featuresOfOneTableAgreeOnItsDimension() {
        assertRefused(
                "feature 'history': expected the dimension of table 'movie', 16, found 8",
                ordered("movie", categorical(null, null, null), "history", sequence("movie", 8)));
        FeatureSchema schema = new FeatureSchema(
                ordered("first", categorical("movie", null, null), "second", categorical("movie", 12, null)));
        assertEquals(
                List.of(12, 12), schema.fields().stream().map(Field::dimension).toList());
        FeatureSchema silent = new FeatureSchema(
                ordered("first", categorical("movie", null, null), "second", categorical("movie", null, null)));
        assertEquals(
                List.of(16, 16), silent.fields().stream().map(Field::dimension).toList());
    }

    @Test
    void featuresOfOneTableAgreeOnItsVocabulary() {
        assertRefused(
                "feature 'second': expected the vocabulary of table 'tag', [a], found [b]",
                ordered("first", categorical("tag", 8, List.of("a")), "second", categorical("tag", 8, List.of("b"))));
    }

    @Test
    void aLongVocabularyIsCutInTheMessage() {
        List<String> words = IntStream.range(0, 1000).mapToObj(i -> "word" + i).toList();
        assertRefused(
                "feature 'second': expected the vocabulary of table 'tag', [a], found "
                        + words.toString().substring(0, 40) + "…",
                ordered("first", categorical("tag", 8, List.of("a")), "second", categorical("tag", 8, words)));
    }

    @Test
    void aSequenceNamesATableThatAnotherFeatureHas() {
        assertRefused(
                "feature 'history': expected the table of another feature, found 'movi'; did you mean 'movie'?",
                ordered("movie", categorical(null, null, null), "history", sequence("movi", null)));
        assertRefused(
                "feature 'a': expected the table of another feature, found 'movie'",
                ordered("a", sequence("movie", null), "b", sequence("movie", null)));
        assertEquals(
                2,
                new FeatureSchema(ordered("a", sequence(null, 4), "b", sequence("a", null)))
                        .fields()
                        .size());
    }

    @Test
    void bucketsShareTheirTableWithNone() {
        assertRefused(
                "feature 'age': expected a table of its own for its buckets, found 'age' shared by [age, group]",
                ordered("age", numeric(Scaling.QUANTILE), "group", categorical("age", 8, null)));
    }

    private static void assertRefused(String message, Map<String, Feature> features) {
        assertEquals(
                message,
                assertThrows(InputException.class, () -> new FeatureSchema(features))
                        .getMessage());
    }

    private static Map<String, Feature> ordered(String first, Feature one, String second, Feature other) {
        Map<String, Feature> features = new LinkedHashMap<>();
        features.put(first, one);
        features.put(second, other);
        return features;
    }

    private static Feature categorical(String table, Integer dimension, List<String> vocabulary) {
        return new Feature.Categorical(null, null, null, table, dimension, vocabulary);
    }

    private static Feature sequence(String table, Integer dimension) {
        return new Feature.Sequence(null, null, null, table, dimension, null, null, null);
    }

    private static Feature numeric(Scaling scaling) {
        return new Feature.Numeric(null, null, null, scaling, null, null);
    }
}
