package io.github.corymb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.corymb.feature.Feature;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.Pooling;
import io.github.corymb.model.Mmoe;
import io.github.corymb.tensor.DenseOptimizer;
import io.github.corymb.train.RateSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ExperimentReaderTest {

    @Test
    void whatTheFileSaysIsWhatTheRecordsHold() {
        Experiment ratings = SampleExperiments.read("ratings");
        assertEquals(7, ratings.seed());
        assertEquals(
                List.of("user_id", "movie_id", "genres", "history", "year", "age", "text", "device"),
                List.copyOf(ratings.features().keySet()));
        assertEquals(
                List.of("like", "love", "rating", "mood"),
                List.copyOf(ratings.tasks().keySet()));
        Feature.Sequence history = (Feature.Sequence) ratings.features().get("history");
        assertEquals(Pooling.SUM, history.pooling());
        assertEquals(List.of(128, 64), ((Mmoe.Spec) ratings.model()).expert());
        assertEquals(1e-3, ratings.train().dense().rate());
        assertEquals(new RateSchedule.Cosine(100, 0.01), ratings.train().schedule());
        assertEquals("like.auc", ratings.train().earlyStopping().metric());
        assertEquals(5.0, ratings.train().gradientClip());
        assertEquals("cuda:1", ratings.train().device().name());
    }

    @Test
    void whatTheFileLeavesOutTakesItsDefault() {
        Experiment least = SampleExperiments.read("least");
        assertEquals(Experiment.DEFAULT_SEED, least.seed());
        assertEquals(10, least.train().epochs());
        assertEquals(2048, least.train().batch());
        assertTrue(least.train().dense() instanceof DenseOptimizer.Adam);
        assertEquals(new RateSchedule.Constant(), least.train().schedule());
        assertEquals(2, least.train().checkpoint().keep());
        assertNull(least.train().earlyStopping());
    }

    @Test
    void relativePathsStartFromTheFolderOfTheFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("least.yaml"), SampleExperiments.text("least"));
        assertEquals(
                folder.toAbsolutePath().normalize(), ExperimentReader.read(file).folder());
        assertEquals(
                SampleExperiments.FOLDER.resolveSibling("data"),
                SampleExperiments.read("census").folder());
    }

    @Test
    void settingsReplaceAddAndTakeAway() {
        assertEquals(
                3, SampleExperiments.read("least", "train.epochs=3").train().epochs());
        assertEquals(
                List.of(16, 64, 8),
                ((Mmoe.Spec) SampleExperiments.read("ratings", "model.expert.0=16", "model.expert[2]=8")
                                .model())
                        .expert());
        assertNull(SampleExperiments.read("ratings", "train.early_stopping=null")
                .train()
                .earlyStopping());
        assertEquals(
                100,
                SampleExperiments.read("ratings", "train.log_every=").train().logEvery());
        assertEquals(
                new RateSchedule.Plateau(0.9, null, null),
                SampleExperiments.read("least", "train.schedule={type: plateau, factor: 0.9}")
                        .train()
                        .schedule());
        assertEquals(
                2,
                SampleExperiments.read("least", "features.b={type: dense, length: 4}")
                        .features()
                        .size());
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/experiments/mistakes.csv",
            delimiter = '|',
            quoteCharacter = '`',
            maxCharsPerColumn = 4096)
    void everyMistakeIsOneLineWithItsPlace(String line, String expected) {
        String text = SampleExperiments.text("least") + line + "\n";
        if (expected.equals("none")) {
            ExperimentReader.parse(text, "x.yaml", SampleExperiments.FOLDER, List.of());
            return;
        }
        assertEquals(expected, messageOf(text));
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/experiments/mistakes-of-settings.csv",
            delimiter = '|',
            quoteCharacter = '`',
            maxCharsPerColumn = 4096)
    void aMistakeOfASettingNamesTheOption(String assignment, String expected) {
        assertEquals(
                expected,
                assertThrows(
                                InputException.class,
                                () -> ExperimentReader.parse(
                                        SampleExperiments.text("least"),
                                        "x.yaml",
                                        SampleExperiments.FOLDER,
                                        List.of(assignment)))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/experiments/values-of-many-shapes.csv",
            delimiter = '|',
            quoteCharacter = '`',
            maxCharsPerColumn = 4096)
    void valuesOfManyShapesAreExplained(String assignment, String expected) {
        if (expected.equals("none")) {
            SampleExperiments.read("least", assignment);
            return;
        }
        String message = assertThrows(InputException.class, () -> SampleExperiments.read("least", assignment))
                .getMessage();
        assertEquals("--set " + assignment + ": " + expected, message);
    }

    @Test
    void whatIsNoMappingIsRefused() {
        assertEquals("x.yaml: expected a mapping, found nothing", messageOf("# nothing\n"));
        assertEquals("x.yaml: expected a mapping, found text 'hello'", messageOf("hello"));
        assertEquals(
                "x.yaml:2:1: expected a single document in the stream but found another document",
                messageOf("a: 1\n---\nb: 2\n"));
    }

    @Test
    void aFileThatIsNotThereIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("nowhere.yaml");
        assertEquals(
                file + ": no such file",
                assertThrows(InputException.class, () -> ExperimentReader.read(file))
                        .getMessage());
        assertEquals(
                folder + ": expected a file",
                assertThrows(InputException.class, () -> ExperimentReader.read(folder))
                        .getMessage());
    }

    @Test
    void aFileThatIsNotUtf8IsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
        assertEquals(
                file + ": expected UTF-8 text",
                assertThrows(InputException.class, () -> ExperimentReader.read(file))
                        .getMessage());
    }

    private static String messageOf(String text) {
        return assertThrows(
                        InputException.class,
                        () -> ExperimentReader.parse(text, "x.yaml", SampleExperiments.FOLDER, List.of()))
                .getMessage();
    }
}
