package io.github.corymb.serving;

import io.github.corymb.bundle.BundleLayout;
import io.github.corymb.bundle.Manifest;
import io.github.corymb.embedding.FrozenTables;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Watches that mapped tables are still as long as they were. To read past the end of a file that was cut short ends
/// the process: the JVM turns such a fault into an error in some of its code alone. So lengths are looked at before
/// each request, one system call a table; small tables are copies, which nobody cuts. A file that is cut in the
/// microseconds between that and the lookup is not noticed; files that are replaced by renaming are always safe.
///
/// Any number of threads; whoever opened it closes it.
final class TableGuard implements AutoCloseable {

    private record Table(String path, FileChannel channel, long size) {}

    private final Path folder;
    private final List<Table> tables = new ArrayList<>();

    /// @throws InputException where a table cannot be read
    TableGuard(Path folder, Manifest manifest) {
        this.folder = folder;
        try {
            for (Map.Entry<String, Manifest.StoredFile> file : manifest.files().entrySet()) {
                if (file.getKey().startsWith(BundleLayout.TABLES + "/")
                        && file.getValue().size() > FrozenTables.COPIED_SIZE_LIMIT) {
                    FileChannel channel = FileChannel.open(folder.resolve(file.getKey()), StandardOpenOption.READ);
                    tables.add(new Table(file.getKey(), channel, file.getValue().size()));
                }
            }
        } catch (IOException problem) {
            close();
            throw new InputException("bundle %s: cannot be read: %s".formatted(folder, problem), problem);
        }
    }

    /// @throws BundleFaultException where a table is not as long any more
    void check() {
        for (Table table : tables) {
            long found;
            try {
                found = table.channel().size();
            } catch (IOException problem) {
                throw new BundleFaultException(
                        "bundle %s: %s: cannot be read: %s".formatted(folder, table.path(), problem), problem);
            }
            if (found != table.size()) {
                throw new BundleFaultException(
                        "bundle %s: %s: cut short while it was mapped: expected %d bytes, found %d"
                                .formatted(folder, table.path(), table.size(), found),
                        null);
            }
        }
    }

    @Override
    public void close() {
        try {
            for (Table table : tables) {
                table.channel().close();
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
