package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {

    private static final BenchReport REPORT = new BenchReport(
            BenchReport.FORMAT_VERSION,
            "./corymb bench tables",
            "2026-11-24",
            new Machine("Processor", 2, 25_400_000_000L, "25"),
            List.of(
                    new Figure("tables", "gather", "copy", "rows/s", 4000, 3000, 5000, 1, 1.25),
                    new Figure("tables", "gather", "a|b", "rows/s", 3000, 2.5, 50, 3000.0 / 4000, 1.25),
                    new Figure("jmh", "auc", "auc", "ops/s", 7, 7, 7, 1, null)),
            List.of(new Session.Note("tables", "memory", "76.4 bytes a row | all")));

    @Test
    void markdownHasATableAComparison() {
        assertEquals("""
            # Bench

            `./corymb bench tables`, 2026-11-24, Processor, 2 processors, 25 GB, Java 25. Medians of rounds.

            ## tables: gather

            Load of the machine after: 1.3.

            | who | rows/s | least | most | ratio |
            |---|---:|---:|---:|---:|
            | copy | 4,000 | 3,000 | 5,000 | 1.00 × |
            | a\\|b | 3,000 | 2.500 | 50.0 | 0.75 × |

            ## jmh: auc

            | who | ops/s | least | most | ratio |
            |---|---:|---:|---:|---:|
            | auc | 7.000 | 7.000 | 7.000 | 1.00 × |

            ## Figures by themselves

            | suite | what | figure |
            |---|---|---|
            | tables | memory | 76.4 bytes a row \\| all |
            """, REPORT.markdown());
    }

    @Test
    void bothFilesLieInAFolderThatIsMade(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("some/results");
        REPORT.write(out);
        assertEquals(REPORT.markdown(), Files.readString(out.resolve("bench.md")));
        JsonNode json =
                JsonMapper.builder().build().readTree(out.resolve("bench.json").toFile());
        assertEquals(2, json.get("formatVersion").intValue());
        assertEquals(25_400_000_000L, json.at("/machine/memory").longValue());
        assertEquals(3, json.get("figures").size());
        JsonNode second = json.at("/figures/1");
        assertEquals(0.75, second.get("ratio").doubleValue());
        assertEquals(2.5, second.get("low").doubleValue());
        assertEquals("a|b", second.get("contender").textValue());
        assertTrue(json.at("/figures/2/load").isNull());
        assertEquals("memory", json.at("/notes/0/what").textValue());
    }

    @Test
    void withoutNotesThereIsNoTableOfThem() {
        BenchReport bare = new BenchReport(1, "c", "d", REPORT.machine(), List.of(), List.of());
        assertEquals(3, bare.markdown().lines().count());
    }
}
