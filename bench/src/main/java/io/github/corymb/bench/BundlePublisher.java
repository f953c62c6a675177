package io.github.corymb.bench;

import io.github.corymb.bundle.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/// Puts bundles as versions 1, 2, 3 … of a model into a folder that a server watches. One thread.
final class BundlePublisher {

    private static final int KEPT_COUNT = 2; // versions in the folder

    private final Path folder;
    private final String model;
    private final List<RankModel> bundles;
    private final BiConsumer<String, RankModel> announce;
    private int count;

    /// @param folder that is watched
    /// @param bundles that take turns
    /// @param announce is told each version before it can be seen
    BundlePublisher(Path folder, String model, List<RankModel> bundles, BiConsumer<String, RankModel> announce) {
        this.folder = folder;
        this.model = model;
        this.bundles = bundles;
        this.announce = announce;
    }

    int count() {
        return count;
    }

    /// The next version: copied beside, renamed into place, then labelled `stable`. The oldest goes.
    void publish() throws IOException {
        RankModel bundle = bundles.get(count % bundles.size());
        String version = Integer.toString(++count);
        Path versions = Files.createDirectories(folder.resolve(model));
        Path partial = folder.resolve(".partial-" + version);
        copy(bundle.bundle(), partial);
        announce.accept(version, bundle);
        Files.move(partial, versions.resolve(version));
        AtomicFiles.write(versions.resolve("labels.json"), "{\"stable\": \"%s\"}".formatted(version));
        if (count > KEPT_COUNT) {
            Path gone = folder.resolve(".gone-" + version);
            Files.move(versions.resolve(Integer.toString(count - KEPT_COUNT)), gone);
            AtomicFiles.deleteTree(gone);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (var walked = Files.walk(from)) {
            files = walked.toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(target);
            } else {
                Files.copy(file, target);
            }
        }
    }
}
