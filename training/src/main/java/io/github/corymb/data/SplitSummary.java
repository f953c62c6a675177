package io.github.corymb.data;

/// What a split came to.
///
/// @param words one line, such as `time split on timestamp: train 80,003 rows up to 1331380058, …`
/// @param trainRowCount rows trained on
/// @param validationRowCount rows that choose when to stop
/// @param testRowCount rows that judge
public record SplitSummary(String words, int trainRowCount, int validationRowCount, int testRowCount) {

    public int rowCount(Split split) {
        return switch (split) {
            case TRAIN -> trainRowCount;
            case VALIDATION -> validationRowCount;
            case TEST -> testRowCount;
        };
    }

    @Override
    public String toString() {
        return words;
    }
}
