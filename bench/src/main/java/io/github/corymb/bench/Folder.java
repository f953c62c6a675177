package io.github.corymb.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// A folder that only served a measurement.
final class Folder {

    private Folder() {}

    /// Deletes it with all that is in it.
    static void delete(Path folder) throws IOException {
        List<Path> paths;
        try (var tree = Files.walk(folder)) {
            paths = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
