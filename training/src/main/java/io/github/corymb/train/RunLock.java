package io.github.corymb.train;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps a run's folder to one training at a time. The operating system holds the lock, so that it ends with its
/// process however that ends; the file `.lock`, which names the process, stays.
///
/// Whoever took it closes it.
final class RunLock implements AutoCloseable {

    static final String FILE = ".lock";

    private final FileChannel channel; // closing it gives the lock back

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /// @throws InputException if another process, or another training of this one, has it
    static RunLock take(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw new InputException("%s: expected a run that nobody trains, found process %s at work in it; wait "
                                .formatted(folder, Files.readString(file).strip())
                        + "for its end, or name another folder by --out");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
            return new RunLock(channel);
        } catch (IOException problem) {
            throw new InputException("%s: cannot be locked: %s".formatted(folder, problem.getMessage()), problem);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException _) {
            return false; // this very process has it
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
