package io.github.corymb.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class NativeLoaderTest {

    private static final int STATUS = 3;
    private static final long LOADING_MILLIS = 300;

    /// A program that ends while the first of two libraries is being loaded.
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch loading = new CountDownLatch(1);
            NativeLoader.begin(
                    () -> {
                        loading.countDown();
                        load();
                    },
                    () -> System.out.print("; second loaded"));
            NativeLoader.begin(() -> System.out.print("; begun again"));
            loading.await();
            System.exit(STATUS);
        }

        private static void load() {
            try {
                Thread.sleep(LOADING_MILLIS);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            System.out.print("first loaded");
        }
    }

    @Test
    void aProcessEndsOnceTheLibraryThatIsBeingLoadedIsThere() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("first loaded", printed);
        assertEquals(STATUS, program.waitFor());
    }
}
