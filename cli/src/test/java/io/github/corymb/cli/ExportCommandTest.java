package io.github.corymb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {

    @TempDir
    private static Path folder;

    private static Path run;

    @BeforeAll
    static void train() {
        run = folder.resolve("run");
        Command train = Command.run(
                "train",
                SampleFile.write(folder).toString(),
                "--out",
                run.toString(),
                "--set",
                "model={type: mmoe, experts: 2, expert: [512], tower: [4]}",
                "--set",
                "serving={fusions: {default: {type: weighted_sum, weights: {click: 1}}}}");
        assertEquals(0, train.status(), train.err());
    }

    @Test
    void whatEightBitsCostIsShownAndInspectTellsThem() {
        Path out = folder.resolve("int8");
        Command export = Command.run(
                "export",
                run.toString(),
                "--out",
                out.toString(),
                "--quantize",
                "int8",
                "--tables",
                "float16",
                "--fusion",
                "product={type: power_product, weights: {click: 2}}");
        assertEquals(0, export.status(), export.err());
        assertTrue(export.out().contains("auc") && export.out().contains("difference"), export.out());
        String shown = Command.run("inspect", out.toString()).out();
        assertTrue(shown.contains("hidden layers in int8"), shown);
        assertTrue(shown.contains("float16"), shown);
        assertTrue(shown.matches("(?s).*\\binput +item_id +item.*\\boutput +click.*"), shown);
        assertTrue(shown.matches("(?s).*\\bdefault +weighted_sum +\\{click=1\\.0}.*"), shown);
        assertTrue(shown.matches("(?s).*\\bproduct +power_product +\\{click=2\\.0}.*"), shown);
    }

    @Test
    void aRunHasNoGraphToShow() {
        String shown = Command.run("inspect", run.toString()).out();
        assertTrue(shown.contains("dense parameters"), shown);
        assertFalse(shown.contains("graph.onnx"), shown);
    }

    @Test
    void aFusionOfNoTaskIsRefusedByName() {
        Path out = folder.resolve("refused");
        String fusion = "x={type: rank_sum, weights: {clik: 1}}";
        Command export = Command.run("export", run.toString(), "--out", out.toString(), "--fusion", fusion);
        assertEquals(1, export.status());
        String fault = "fusions.x: expected a binary or regression task, found 'clik'";
        assertTrue(export.err().contains(fault), export.err());
        assertFalse(Files.exists(out));
    }
}
