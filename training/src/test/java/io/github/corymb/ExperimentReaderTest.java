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
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentReaderTest {

    @Test
    void whatTheFileSaysIsWhatTheRecordsHold() {
        Experiment ratings = SampleExperiments.read("ratings");
        assertEquals(7, ratings.seed());
        assertEquals(
                List.of("user_id", "movie_id", "genres", "history", "year", "age", "text", "device"),
                List.copyOf(ratings.features().keySet()));
        assertEquals(List.of("like", "love", "rating", "mood"), List.copyOf(ratings.tasks().keySet()));
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
        assertEquals(folder.toAbsolutePath().normalize(), ExperimentReader.read(file).folder());
        assertEquals(
                SampleExperiments.FOLDER.resolveSibling("data"),
                SampleExperiments.read("census").folder());
    }

    @Test
    void settingsReplaceAddAndTakeAway() {
        assertEquals(3, SampleExperiments.read("least", "train.epochs=3").train().epochs());
        assertEquals(
                List.of(16, 64, 8),
                ((Mmoe.Spec) SampleExperiments.read("ratings", "model.expert.0=16", "model.expert[2]=8")
                                .model())
                        .expert());
        assertNull(SampleExperiments.read("ratings", "train.early_stopping=null").train().earlyStopping());
        assertEquals(100, SampleExperiments.read("ratings", "train.log_every=").train().logEvery());
        assertEquals(
                new RateSchedule.Plateau(0.9, null, null),
                SampleExperiments.read("least", "train.schedule={type: plateau, factor: 0.9}").train().schedule());
        assertEquals(
                2,
                SampleExperiments.read("least", "features.b={type: dense, length: 4}").features().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            train: {epoch: 3}                       | x.yaml:6:9: train: unknown key 'epoch'; did you mean 'epochs'?
            trian: {epochs: 3}                      | x.yaml:6:1: unknown key 'trian'; did you mean 'train'?
            train: {epochs: many}                   | x.yaml:6:17: train.epochs: expected a whole number, found text 'many'
            train: {epochs: "3"}                    | x.yaml:6:17: train.epochs: expected a whole number, found text '3'
            train: {epochs: 2.5}                    | x.yaml:6:17: train.epochs: expected a whole number, found 2.5
            train: {epochs: 3000000000}             | x.yaml:6:17: train.epochs: expected a whole number of at most 2147483647, found 3000000000
            train: {epochs: 0}                      | x.yaml:6:17: train.epochs: expected from 1 to 1000000, found 0
            train: {epochs: [1]}                    | x.yaml:6:17: train.epochs: expected a whole number, found a list
            train: [1]                              | x.yaml:6:8: train: expected a mapping, found a list
            train: 3                                | x.yaml:6:8: train: expected a mapping, found 3
            train: fast                             | x.yaml:6:8: train: expected a mapping, found text 'fast'
            train: ""                               | x.yaml:6:8: train: expected a mapping, found text ''
            train: {gradient_clip: .nan}            | x.yaml:6:24: expected a finite number, found .nan
            train: {device: gpu}                    | x.yaml:6:17: train.device: expected cpu or cuda:N, found 'gpu'
            train: {device: 3}                      | x.yaml:6:17: train.device: expected text, found 3
            train: {dense: {optimizer: adan}}       | x.yaml:6:28: train.dense.optimizer: expected one of adam, adamw, sgd, adagrad, found 'adan'; did you mean 'adam'?
            train: {dense: {rate: 1}}               | x.yaml:6:16: train.dense.optimizer: expected one of adam, adamw, sgd, adagrad, found nothing
            train: {dense: {optimizer: 3}}          | x.yaml:6:16: train.dense.optimizer: expected one of adam, adamw, sgd, adagrad, found 3
            train: {dense: adam}                    | x.yaml:6:16: train.dense: expected a mapping, found text 'adam'
            train: {dense: {optimizer: adam, momentum: 1}} | x.yaml:6:34: train.dense: unknown key 'momentum'; known are beta1, beta2, epsilon, rate, weight_decay
            train: {schedule: {type: warm_up}}      | x.yaml:6:19: train.schedule.steps: expected at least 1, found nothing
            train: {early_stopping: {metric: y.acu}} | x.yaml:6:34: train.early_stopping.metric: expected a metric of the binary task 'y' (auc, gauc, log_loss, ne, pcoc, ece, accuracy), found 'acu'; did you mean 'auc'?
            train: {early_stopping: {metric: z.auc}} | x.yaml:6:34: train.early_stopping.metric: expected TASK.METRIC or mean, found 'z.auc'; did you mean 'y.auc'?
            train: {schedule: {type: plateau, metric: y.rmse}} | x.yaml:6:43: train.schedule.metric: expected a metric of the binary task 'y' (auc, gauc, log_loss, ne, pcoc, ece, accuracy), found 'rmse'
            seed: ~                                 | none
            seed: 1e3                               | x.yaml:6:7: seed: expected a whole number, found 1000.0
            seed: 99999999999999999999              | x.yaml:6:7: seed: expected a whole number of at most 9223372036854775807, found 99999999999999999999
            name: twice                             | x.yaml:6:1: duplicate key 'name', first at line 1
            train: {epochs: 1, epochs: 2}           | x.yaml:6:20: duplicate key 'epochs', first at line 6
            train: !!java.net.URL [x]               | x.yaml:6:8: Global tag is not allowed: tag:yaml.org,2002:java.net.URL
            train: {epochs: !x 3}                   | x.yaml:6:17: tag '!x' has no meaning here
            train: {epochs: !!int x}                | x.yaml:6:17: expected a number, found 'x'
            train: {epochs: 3                       | x.yaml:7:1: expected ',' or '}', but got <stream end>
            folder: 3                               | x.yaml:6:9: folder: expected text, found 3
            """)
    void everyMistakeIsOneLineWithItsPlace(String line, String expected) {
        String text = SampleExperiments.text("least") + line + "\n";
        if (expected.equals("none")) {
            ExperimentReader.parse(text, "x.yaml", SampleExperiments.FOLDER, List.of());
            return;
        }
        assertEquals(expected, messageOf(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            model.type=mmo          | --set model.type=mmo: model.type: expected one of single_task, shared_bottom, omoe, mmoe, cgc, ple, found 'mmo'; did you mean 'mmoe'?
            train.epoch=3           | --set train.epoch=3: train: unknown key 'epoch'; did you mean 'epochs'?
            train.epochs=x          | --set train.epochs=x: train.epochs: expected a whole number, found text 'x'
            tasks.y.label=          | --set tasks.y.label=: tasks.y.label: expected text, found nothing
            features.a.side=users   | --set features.a.side=users: features.a.side: expected one of user, item, context, found text 'users'; did you mean 'user'?
            features.Bad={type: categorical} | --set features.Bad={type: categorical}: features.Bad: expected a name of at most 64 lower-case letters, digits and _, found 'Bad'
            features.y={type: categorical} | x.yaml:4:12: tasks.y: the name is a feature's already
            features=               | --set features=: features: expected at least one, found none
            model=                  | --set model=: model: expected a mapping, found nothing
            data=                   | --set data=: data: expected a mapping, found nothing
            data.source=            | --set data.source=: data.source: expected SQL or the path of a file, found nothing
            model.experts.0=1       | --set model.experts.0=1: model: unknown key 'experts'; known are activation, bottom, dropout, normalisation, tower
            name.x=1                | --set name.x=1: name: expected a mapping or a list, found text 'least'
            train.epochs            | --set train.epochs: expected path=value
            train..epochs=3         | --set train..epochs=3: expected keys with one dot between them, found 'train..epochs'
            train.epochs=[          | --set train.epochs=[:1:2: expected the node content, but found '<stream end>'
            """)
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

    @Test
    void whatIsNoMappingIsRefused() {
        assertEquals("x.yaml: expected a mapping, found nothing", messageOf("# nothing\n"));
        assertEquals("x.yaml: expected a mapping, found text 'hello'", messageOf("hello"));
        assertEquals("x.yaml:2:1: expected a single document in the stream but found another document", messageOf("a: 1\n---\nb: 2\n"));
    }

    @Test
    void aFileThatIsNotThereIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("nowhere.yaml");
        assertEquals(
                file + ": no such file",
                assertThrows(InputException.class, () -> ExperimentReader.read(file)).getMessage());
        assertEquals(
                folder + ": expected a file",
                assertThrows(InputException.class, () -> ExperimentReader.read(folder)).getMessage());
    }

    @Test
    void aFileThatIsNotUtf8IsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
        assertEquals(
                file + ": expected UTF-8 text",
                assertThrows(InputException.class, () -> ExperimentReader.read(file)).getMessage());
    }

    private static String messageOf(String text) {
        return assertThrows(
                        InputException.class,
                        () -> ExperimentReader.parse(text, "x.yaml", SampleExperiments.FOLDER, List.of()))
                .getMessage();
    }
}
