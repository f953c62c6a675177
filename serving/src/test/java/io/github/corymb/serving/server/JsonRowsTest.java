package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.FeatureRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class JsonRowsTest {

    private static Asked parse(String body, boolean columnNamedId) {
        return RankBody.parse(body.getBytes(StandardCharsets.UTF_8), columnNamedId, 1_000);
    }

    private static List<Map<String, Object>> values(FeatureRows rows) {
        return IntStream.range(0, rows.rowCount()).mapToObj(rows::row).toList();
    }

    /// Columns by columns, or an object a row: the values are the same.
    @Property(tries = 200)
    void rowsAreWhatTheJsonSays(@ForAll("rows") List<Map<String, Object>> rows) throws IOException {
        String json = RankBody.JSON.writeValueAsString(Map.of("items", rows));
        FeatureRows read = parse(json, false).items();
        assertEquals(values(FeatureRows.ofMaps(rows)), values(read));
        assertEquals(FeatureRows.ofMaps(rows).columns().keySet(), read.columns().keySet());
    }

    /// Each column of one kind, absent from some rows and null in others.
    @Provide
    Arbitrary<List<Map<String, Object>>> rows() {
        Arbitrary<Object> texts =
                Arbitraries.strings().ascii().withChars('é', '日', '"').map(text -> text);
        Arbitrary<Object> longs = Arbitraries.longs().map(number -> number);
        Arbitrary<Object> numbers =
                Arbitraries.oneOf(longs, Arbitraries.doubles().map(number -> number));
        Arbitrary<Object> flags = Arbitraries.of(true, false).map(flag -> flag);
        Arbitrary<Object> lists = texts.list().ofMaxSize(4).map(list -> list);
        List<Arbitrary<Object>> kinds = List.of(texts, longs, numbers, flags, lists);
        Arbitrary<Map<String, Object>> row = Arbitraries.just(new HashMap<>());
        for (int kind = 0; kind < kinds.size(); kind++) {
            String name = "column" + kind;
            Arbitrary<Object> value = kinds.get(kind).injectNull(0.2);
            row = row.flatMap(before -> Arbitraries.oneOf(Arbitraries.just(before), value.map(of -> {
                Map<String, Object> with = new HashMap<>(before);
                with.put(name, of);
                return with;
            })));
        }
        return row.list().ofMaxSize(70);
    }

    @Test
    void anIdIsGivenBackAndAColumnOnlyWhereAFeatureReadsIt() {
        String body = "{\"items\": [{\"id\": {\"a\": [1]}, \"x\": 1}, {\"x\": 2}, {\"id\": \"q\"}, {\"id\": 9}]}";
        Asked asked = parse(body, false);
        List<String> ids = new ArrayList<>();
        asked.ids().forEach(id -> ids.add(String.valueOf(id)));
        assertEquals(List.of("{\"a\":[1]}", "null", "\"q\"", "9"), ids);
        assertEquals(List.of("x"), List.copyOf(asked.items().columns().keySet()));
        FeatureRows read = parse("{\"items\": [{\"id\": \"q\"}, {\"id\": null}, {}]}", true)
                .items();
        assertEquals(List.of(Map.of("id", "q"), Map.of(), Map.of()), values(read));
        JsonNode second =
                parse("{\"items\": [{\"id\": 9}, {\"id\": 9}]}", true).ids().get(1);
        assertEquals(9, second.intValue());
    }

    @Test
    void aMistakeNamesItsColumn() {
        assertRefused("column 'x': expected a value or a list, found object", "{\"items\": [{\"x\": {}}]}");
        assertRefused(
                "column 'x': expected values of one kind, found Long and String",
                "{\"items\": [{\"x\": 1}, {\"x\": \"a\"}]}");
        assertRefused("column 'x': expected once, found twice", "{\"items\": [{\"x\": 1, \"y\": 2, \"x\": 1}]}");
        assertRefused("column 'id': expected once, found twice", "{\"items\": [{\"id\": 1, \"id\": null}]}");
        assertRefused("body: expected 'items' once, found it twice", "{\"items\": [], \"items\": []}");
        assertRefused(
                "fusion: expected a name, or a type and weights: Duplicate field 'type'",
                "{\"items\": [], \"fusion\": {\"type\": \"rank_sum\", \"type\": \"rank_sum\"}}");
        assertRefused("items[1]: expected an object, found number", "{\"items\": [{}, 7]}");
    }

    /// A column of its own for each row would take memory for each row of each column.
    @Test
    void aColumnForEachRowIsRefusedBeforeTheyAreTooMany() {
        String rows = IntStream.range(0, 10_000)
                .mapToObj(row -> "{\"c" + row + "\": 1}")
                .collect(Collectors.joining(","));
        byte[] body = ("{\"items\": [" + rows + "]}").getBytes(StandardCharsets.UTF_8);
        String message = assertThrows(InputException.class, () -> RankBody.parse(body, false, 10_000))
                .getMessage();
        int count = (int) Math.floor(Math.sqrt(FeatureRows.VALUE_LIMIT)); // one row more is beyond
        assertEquals(
                "rows: expected at most %d values of columns, found %d columns of %d rows"
                        .formatted(FeatureRows.VALUE_LIMIT, count, count + 1),
                message);
    }

    private static void assertRefused(String start, String body) {
        String message =
                assertThrows(InputException.class, () -> parse(body, false)).getMessage();
        assertTrue(message.startsWith(start), message);
    }
}
