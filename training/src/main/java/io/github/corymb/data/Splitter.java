package io.github.corymb.data;

import io.github.corymb.feature.InputException;
import io.github.corymb.feature.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Divides the rows of a table, whose column [ReadPlan#SPLIT] says by what. The same rows, order and seed give the same
/// division, whatever DuckDB's threads do.
final class Splitter {

    /// @param of the index of each row's [Split]
    record Division(byte[] of, SplitSummary summary) {}

    private static final double ROUNDING = 1e-6; // 10 · (1 − 0.1 − 0.2) is 7, not 6.999…
    private static final String COLUMN = Sql.name(ReadPlan.SPLIT);

    private final DuckDb database;
    private final String table;
    private final byte[] of;

    Splitter(DuckDb database, String table, int rowCount) {
        this.database = database;
        this.table = table;
        this.of = new byte[rowCount];
    }

    /// @throws InputException where a split that was asked for is empty, and where the column has NULLs
    Division divide(SplitSpec spec, long seed) {
        String words =
                switch (spec) {
                    case SplitSpec.Time time -> byTime(time);
                    case SplitSpec.Hash hash -> byHash(hash, seed);
                    case SplitSpec.Random random -> byRandom(random, seed);
                    case SplitSpec.Column column -> byColumn(column);
                };
        return new Division(of, new SplitSummary(words, count(Split.TRAIN), count(Split.VALIDATION), count(Split.TEST)));
    }

    /// All rows in one split.
    Division all(Split split) {
        Arrays.fill(of, (byte) split.index());
        String words = "no split: " + String.format(Locale.ROOT, "%,d", of.length) + " rows";
        return new Division(of, new SplitSummary(words, count(Split.TRAIN), count(Split.VALIDATION), count(Split.TEST)));
    }

    private String byTime(SplitSpec.Time time) {
        refuseNulls(time.column());
        int validationStart = cut(1 - time.validation() - time.test());
        int testStart = cut(1 - time.test());
        long[] edges = new long[4]; // the rows before and after each cut
        Arrays.fill(edges, -1);
        int rank = 0;
        try (QueryResult rows = database.query("SELECT rowid FROM " + table + " ORDER BY " + COLUMN + ", rowid")) {
            while (rows.next()) {
                for (long row : rows.longs(0)) {
                    of[(int) row] = splitOfRank(rank, validationStart, testStart);
                    edges[0] = rank == validationStart - 1 ? row : edges[0];
                    edges[1] = rank == validationStart ? row : edges[1];
                    edges[2] = rank == testStart - 1 ? row : edges[2];
                    edges[3] = rank == testStart ? row : edges[3];
                    rank++;
                }
            }
        }
        refuseEmpty(time.validation(), time.test());
        StringBuilder words = new StringBuilder("time split on " + time.column() + ": ");
        words.append(rows(Split.TRAIN)).append(" up to ").append(value(edges[0]));
        if (time.validation() > 0) {
            words.append(", ").append(rows(Split.VALIDATION)).append(" from ").append(value(edges[1]));
            words.append(" to ").append(value(edges[2]));
        }
        if (time.test() > 0) {
            words.append(", ").append(rows(Split.TEST)).append(" from ").append(value(edges[3]));
        }
        appendShared(words, edges[0], edges[1]);
        if (testStart != validationStart) {
            appendShared(words, edges[2], edges[3]);
        }
        return words.toString();
    }

    private void appendShared(StringBuilder words, long before, long after) {
        if (before >= 0 && after >= 0 && value(before).equals(value(after))) {
            long count = database.number("SELECT count(*) FROM " + table + " WHERE " + COLUMN + " = (SELECT " + COLUMN
                    + " FROM " + table + " WHERE rowid = " + before + ")");
            words.append(String.format(Locale.ROOT, "; %,d rows of %s stand on both sides", count, value(before)));
        }
    }

    private String byHash(SplitSpec.Hash hash, long seed) {
        refuseNulls(hash.column());
        String number = "md5_number_lower(concat(" + seed + ", ':', " + COLUMN + "::VARCHAR))::DOUBLE / 18446744073709551616.0";
        String test = "WHEN " + number + " < " + hash.test() + " THEN 2 ";
        String validation = "WHEN " + number + " < " + (hash.test() + hash.validation()) + " THEN 1 ";
        assign("CASE " + test + validation + "ELSE 0 END");
        refuseEmpty(hash.validation(), hash.test());
        return "hash split on " + hash.column() + " (seed " + seed + "): " + counts();
    }

    private String byRandom(SplitSpec.Random random, long seed) {
        int validationStart = cut(1 - random.validation() - random.test());
        int testStart = cut(1 - random.test());
        int[] order = Shuffle.order(of.length, seed, -1); // epochs are 0 and up
        for (int rank = 0; rank < order.length; rank++) {
            of[order[rank]] = splitOfRank(rank, validationStart, testStart);
        }
        refuseEmpty(random.validation(), random.test());
        return "random split (seed " + seed + "): " + counts();
    }

    private String byColumn(SplitSpec.Column column) {
        refuseNulls(column.column());
        String text = COLUMN + "::VARCHAR";
        List<String> words = Arrays.stream(Split.values()).map(Split::word).toList();
        try (QueryResult wrong = database.query("SELECT " + text + " FROM " + table + " WHERE " + text
                + " NOT IN ('train', 'validation', 'test') ORDER BY rowid LIMIT 1")) {
            if (wrong.next()) {
                String found = wrong.texts(0)[0];
                throw new InputException("data.split.column: expected train, validation or test in '" + column.column()
                        + "', found '" + found + "'" + NearestName.hint(found, words));
            }
        }
        assign("CASE " + text + " WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END");
        refuseEmpty(0, 0);
        return "split by column " + column.column() + ": " + counts();
    }

    private void assign(String expression) {
        int row = 0;
        try (QueryResult result = database.query("SELECT (" + expression + ")::BIGINT FROM " + table)) {
            while (result.next()) {
                for (long split : result.longs(0)) {
                    of[row++] = (byte) split;
                }
            }
        }
    }

    private static byte splitOfRank(int rank, int validationStart, int testStart) {
        Split split = rank < validationStart ? Split.TRAIN : rank < testStart ? Split.VALIDATION : Split.TEST;
        return (byte) split.index();
    }

    private int cut(double share) {
        return (int) Math.floor(of.length * share + ROUNDING);
    }

    private void refuseNulls(String column) {
        long count = database.number("SELECT count(*) FROM " + table + " WHERE " + COLUMN + " IS NULL");
        if (count > 0) {
            throw new InputException("data.split.column: expected a value in every row of '" + column + "', found "
                    + String.format(Locale.ROOT, "%,d", count) + " NULL");
        }
    }

    private void refuseEmpty(double validation, double test) {
        refuseEmpty(Split.TRAIN, true);
        refuseEmpty(Split.VALIDATION, validation > 0);
        refuseEmpty(Split.TEST, test > 0);
    }

    private void refuseEmpty(Split split, boolean asked) {
        if (asked && count(split) == 0) {
            throw new InputException("data.split: expected " + split.word() + " rows, found none among "
                    + String.format(Locale.ROOT, "%,d", of.length) + " rows");
        }
    }

    private int count(Split split) {
        int count = 0;
        for (byte each : of) {
            count += each == split.index() ? 1 : 0;
        }
        return count;
    }

    private String rows(Split split) {
        return String.format(Locale.ROOT, "%s %,d rows", split.word(), count(split));
    }

    private String counts() {
        return rows(Split.TRAIN) + ", " + rows(Split.VALIDATION) + ", " + rows(Split.TEST);
    }

    private String value(long row) {
        try (QueryResult result =
                database.query("SELECT " + COLUMN + "::VARCHAR FROM " + table + " WHERE rowid = " + row)) {
            result.next();
            return result.texts(0)[0];
        }
    }
}
