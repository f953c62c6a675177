package io.github.corymb.embedding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Copies of the rows and pages of a table that changed since some step. Whoever made it closes it.
final class TableChanges implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final int[] rows; // in their order
    private final RowBlock layout;
    private final MemorySegment rowBlock; // as the layout says
    private final int[] pages; // in their order
    private final MemorySegment pageBlock; // one after the other

    /// Copies what `source` and `pageAddresses` show now, which may change meanwhile.
    ///
    /// @param numbers of the rows, in their order
    /// @param pages numbers of the pages, in their order
    /// @param ready memory for rows, borrowed where it is enough: memory that is new to the process is slow
    /// @param workers who copy the rows
    TableChanges(
            RowCopy source, int[] numbers, long[] pageAddresses, int[] pages, MemorySegment ready, Workers workers) {
        this.rows = numbers;
        this.pages = pages;
        layout = source.layout(numbers.length);
        rowBlock = layout.size() <= ready.byteSize() ? ready : arena.allocate(layout.size(), Slabs.ALIGNMENT);
        source.copyRows(numbers, rowBlock.address(), layout, workers);
        pageBlock = arena.allocate(Math.max(1, pages.length * KeyPage.SIZE), Slabs.ALIGNMENT);
        for (int at = 0; at < pages.length; at++) {
            copyPage(at, pageAddresses[pages[at]]);
        }
    }

    /// Pages whose version is another than it was, or that were not.
    static int[] changedPages(int[] before, int[] now) {
        int[] changed = new int[now.length];
        int count = 0;
        for (int page = 0; page < now.length; page++) {
            if (page >= before.length || before[page] != now[page]) {
                changed[count++] = page;
            }
        }
        return Arrays.copyOf(changed, count);
    }

    /// Takes the pages anew that are here; the others are returned.
    int[] retake(int[] changed, long[] pageAddresses) {
        int[] others = new int[changed.length];
        int count = 0;
        for (int page : changed) {
            int at = Arrays.binarySearch(pages, page);
            if (at >= 0) {
                copyPage(at, pageAddresses[page]);
            } else {
                others[count++] = page;
            }
        }
        return Arrays.copyOf(others, count);
    }

    int[] rows() {
        return rows;
    }

    /// The first place from `from` on whose row is of a later block.
    int endOfBlock(int from, int block) {
        int at = from;
        while (at < rows.length && rows[at] >>> Slabs.SHIFT == block) {
            at++;
        }
        return at;
    }

    /// The block of the row at a place, or a number above all.
    int blockAt(int at) {
        return at < rows.length ? rows[at] >>> Slabs.SHIFT : Integer.MAX_VALUE;
    }

    /// Brings the rows at some places into their block.
    void copyTo(int from, int to, long block, RowBlock blockLayout) {
        for (int at = from; at < to; at++) {
            int place = rows[at] & (Slabs.SLAB_ROWS - 1);
            RowCopy.copyRow(rowBlock.address(), layout, at, block, blockLayout, place);
        }
    }

    /// Lays `count` rows from a place on one after the other.
    void list(int from, int count, long block, RowBlock blockLayout) {
        for (int index = 0; index < count; index++) {
            RowCopy.copyRow(rowBlock.address(), layout, from + index, block, blockLayout, index);
        }
    }

    int[] pages() {
        return pages;
    }

    MemorySegment page(int at) {
        return pageBlock.asSlice(at * KeyPage.SIZE, KeyPage.SIZE);
    }

    @Override
    public void close() {
        arena.close();
    }

    private void copyPage(int at, long address) {
        Native.copy(address, pageBlock.address() + at * KeyPage.SIZE, KeyPage.SIZE);
    }
}
