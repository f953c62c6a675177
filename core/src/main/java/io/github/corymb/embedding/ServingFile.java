package io.github.corymb.embedding;

import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Writes a table's file for looking up alone, its weights in a storage of choice. [FrozenTables] maps it and looks up
/// in what is mapped, row by row, as in any other.
final class ServingFile {

    private final TableContent source;
    private final TableHeader header;
    private final RowCodec codec = RowCodec.of(RowKernel.best());

    /// @param from the head that the table has as it is
    /// @param storage of the file
    ServingFile(TableContent source, TableHeader from, Storage storage) {
        this.source = source;
        header = from.toServe(storage);
    }

    /// @throws InputException where a weight is not finite and the storage needs it to be
    void write(Path file) throws IOException {
        KeyIndex index = source.index();
        BlockWriter.Written rowBlocks = new BlockWriter.Written();
        BlockWriter.Written pageBlocks = new BlockWriter.Written();
        try (BlockWriter writer = new BlockWriter(file, header.headSize());
                TableFreeze freeze = new TableFreeze(index);
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.max(header.fullBlock().size(), KeyPage.SIZE), Slabs.ALIGNMENT);
            long floats =
                    arena.allocate(4L * source.dimension(), Slabs.ALIGNMENT).address(); // [D]
            for (int block = 0; block < header.rowBlockCount(); block++) {
                RowBlock layout = header.rowBlock(block);
                MemorySegment bytes = buffer.asSlice(0, layout.size()).fill((byte) 0);
                for (int place = 0; place < layout.rowCount(); place++) {
                    int row = (block << Slabs.SHIFT) + place;
                    Native.putLong(bytes.address() + layout.keysAt() + 8L * place, index.keyOf(row));
                    store(row, floats, bytes.address() + layout.rowsAt() + place * layout.rowSize());
                }
                writer.put(rowBlocks, block, bytes);
            }
            long[] pages = index.pages();
            MemorySegment page = buffer.asSlice(0, KeyPage.SIZE);
            for (int number = 0; number < pages.length; number++) {
                Native.copy(pages[number], page.address(), KeyPage.SIZE);
                writer.put(pageBlocks, number, page);
            }
            BlockDirectory directory = new BlockDirectory(rowBlocks.count(), pageBlocks.count());
            rowBlocks.list(directory, 0);
            pageBlocks.list(directory, rowBlocks.count());
            TableSnapshot.finish(writer, freeze, header, directory);
        }
    }

    /// @param floats place for D
    private void store(int row, long floats, long target) {
        Storage storage = header.layout().storage();
        long from = source.rows().at(row);
        if (storage == source.layout().storage()) {
            Native.copy(from, target, header.layout().rowSize()); // stored twice, int8 would lose twice
            return;
        }
        codec.read(source.layout().storage(), from, floats, source.dimension());
        try {
            StoredNumber.putAll(storage, target, floats, source.dimension());
        } catch (ArithmeticException notFinite) {
            throw new InputException(
                    "table '%s': row %,d: %s".formatted(source.name(), row, notFinite.getMessage()), notFinite);
        }
    }
}
