package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.corymb.bench.jmh.AucBenchmark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The benchmarks of the hot paths, in this JVM and for a moment only.
class JmhTest {

    @TempDir
    private Path folder;

    private JsonNode run(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("jmh", "--out", folder.toString()));
        arguments.addAll(List.of("-f", "0", "-wi", "0", "-i", "2", "-r", "1ms", "-v", "SILENT", "-foe", "true"));
        arguments.addAll(List.of(more));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Bench.run(
                List.of(),
                folder,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments.toArray(String[]::new));
        assertEquals(0, status, err.toString(StandardCharsets.UTF_8));
        return JsonMapper.builder()
                .build()
                .readTree(folder.resolve("bench.json").toFile())
                .get("figures");
    }

    @Test
    void eachOptimizerUpdatesAndTheFirstIsTheMeasure() throws IOException {
        JsonNode figures = run("TableBenchmark.gatherAndUpdate", "-p", "rows=5000");
        assertEquals(7, figures.size());
        double first = figures.at("/0/median").doubleValue();
        figures.forEach(figure -> {
            assertEquals("jmh", figure.get("suite").textValue());
            assertEquals(
                    "TableBenchmark.gatherAndUpdate, ops/s",
                    figure.get("comparison").textValue());
            assertEquals("ops/s", figure.get("unit").textValue());
            double median = figure.get("median").doubleValue();
            double mean = (figure.get("low").doubleValue() + figure.get("high").doubleValue()) / 2;
            assertEquals(mean, median, 1e-9 * mean); // of two iterations
            assertEquals(median / first, figure.get("ratio").doubleValue(), 1e-12);
        });
        assertEquals(
                "optimizer=row_wise_adagrad, rows=5000",
                figures.at("/0/contender").textValue());
        assertEquals("optimizer=ftrl, rows=5000", figures.at("/6/contender").textValue());
    }

    @Test
    void allOtherBenchmarksRun() throws IOException {
        JsonNode figures = run("KeyBenchmark|EncodingBenchmark|TableBenchmark.gather$", "-p", "rows=5000");
        assertEquals(4 + 4 + 1, figures.size());
        figures.forEach(figure -> {
            assertTrue(figure.get("median").doubleValue() > 0);
            assertEquals(1, figure.get("ratio").doubleValue());
        });
    }

    /// Scores are uniform and s is the chance of label 1, so that those of positives have the density 2 s and those of
    /// negatives 2 (1 - s): AUC = ∫ 2 s ∫₀ˢ 2 (1 - t) dt ds = 4/3 - 1/2.
    @Test
    void theAucThatIsMeasuredIsThatOfItsRows() {
        AucBenchmark benchmark = new AucBenchmark();
        benchmark.draw();
        assertEquals(4.0 / 3 - 1.0 / 2, benchmark.auc(), 0.002);
    }
}
