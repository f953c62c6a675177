package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.corymb.bundle.AtomicFiles;
import io.github.corymb.bundle.BundleReader.Verification;
import io.github.corymb.serving.RankerClosedException;
import io.github.corymb.serving.RankerOptions;
import io.github.corymb.serving.SampleBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {

    private static final RankerOptions QUICK = new RankerOptions(Verification.EVERY_FILE, 1, 100, 1);

    @TempDir
    private Path folder;

    @BeforeEach
    void twoVersions() throws IOException {
        Path one = SampleBundle.write(folder.resolve("made"), "one", 7);
        SampleBundle.copy(one, folder.resolve("served/shop/1"));
        SampleBundle.copy(one, folder.resolve("served/shop/2"));
    }

    @Test
    void aQuestionWhoseVersionIsTakenAwayGoesToTheOneThatIsMeantThen() {
        try (Models models = new Models(folder.resolve("served"), QUICK)) {
            models.refresh();
            List<String> asked = new ArrayList<>();
            String answered = models.ask("shop", null, null, version -> {
                asked.add(version.version());
                takeAway("2", models);
                return version.ranker().bundle().digest() + version.version();
            });
            assertEquals(List.of("2", "1"), asked);
            assertEquals("1", answered.substring(answered.length() - 1));
            RefusedException gone = assertThrows(
                    RefusedException.class,
                    () -> models.ask("shop", "1", null, version -> {
                        takeAway("1", models);
                        return version.ranker().bundle();
                    }));
            assertEquals(Refusal.UNKNOWN_MODEL, gone.refusal());
        }
    }

    @Test
    void aQuestionIsNotAskedForEverWhereAllAreClosed() {
        Models models = new Models(folder.resolve("served"), QUICK);
        models.refresh();
        assertThrows(
                RankerClosedException.class,
                () -> models.ask("shop", null, null, version -> {
                    version.ranker().close();
                    return version.ranker().bundle();
                }));
        models.close();
    }

    private void takeAway(String version, Models models) {
        try {
            AtomicFiles.deleteTree(folder.resolve("served/shop").resolve(version));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        models.refresh();
    }
}
