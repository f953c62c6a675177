package io.github.corymb.tensor.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class MklTest {

    @TempDir
    private Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(Mkl.FOLDER_PROPERTY);
    }

    @Test
    void withoutAFolderNothingIsOpened() {
        assertFalse(Mkl.isNamed());
        Mkl.open();
    }

    @Test
    void aFolderWithoutTheLibraryIsNamed() {
        System.setProperty(Mkl.FOLDER_PROPERTY, folder.toString());
        assertTrue(Mkl.isNamed());
        assertEquals(
                "-Dcorymb.mkl: expected a folder with libmkl_rt.so, found none in " + folder,
                assertThrows(IllegalArgumentException.class, Mkl::open).getMessage());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileThatIsNoLibraryIsNamed() throws IOException {
        System.setProperty(Mkl.FOLDER_PROPERTY, folder.toString());
        Path file = Files.writeString(folder.resolve("libmkl_rt.so.2"), "nothing of the kind");
        String message = assertThrows(IllegalArgumentException.class, Mkl::open).getMessage();
        assertEquals(
                "-Dcorymb.mkl: expected a library for this system, found " + file + ", which cannot be opened",
                message);
    }
}
