package io.github.corymb.metric;

/// Refuses rows that no metric is defined for, with the first row that is wrong.
final class RowChecks {

    private RowChecks() {}

    static void check(
            TaskKind kind, int classCount, double[] predictions, double[] labels, double[] weights, long[] groups) {
        if (classCount < 1) {
            throw new IllegalArgumentException("classes: expected at least 1, found " + classCount);
        }
        long predictionCount = (long) labels.length * classCount;
        checkLength("predictions", predictionCount, predictions.length);
        checkLength("weights", labels.length, weights == null ? labels.length : weights.length);
        checkLength("groups", labels.length, groups == null ? labels.length : groups.length);
        checkPredictions(kind, predictions, classCount);
        checkLabels(kind, labels, classCount);
        if (weights != null) {
            checkWeights(weights);
        }
    }

    private static void checkLength(String what, long expected, int found) {
        if (expected != found) {
            throw new IllegalArgumentException(what + ": expected " + expected + ", found " + found);
        }
    }

    private static void checkPredictions(TaskKind kind, double[] predictions, int classCount) {
        boolean isProbability = kind != TaskKind.REGRESSION;
        double low = isProbability ? 0 : -Double.MAX_VALUE;
        double high = isProbability ? 1 : Double.MAX_VALUE;
        String expected = isProbability ? "a probability" : "a finite number";
        for (int i = 0; i < predictions.length; i++) {
            if (!(predictions[i] >= low && predictions[i] <= high)) { // NaN fails both
                throw wrongRow("prediction", i / classCount, expected, predictions[i]);
            }
        }
    }

    private static void checkLabels(TaskKind kind, double[] labels, int classCount) {
        for (int row = 0; row < labels.length; row++) {
            double label = labels[row];
            switch (kind) {
                case BINARY -> {
                    if (label != 0 && label != 1) {
                        throw wrongRow("label", row, "0 or 1", label);
                    }
                }
                case REGRESSION -> {
                    if (!Double.isFinite(label)) {
                        throw wrongRow("label", row, "a finite number", label);
                    }
                }
                case MULTICLASS -> {
                    if (!(label >= 0 && label < classCount && label == Math.rint(label))) {
                        throw wrongRow("label", row, "a class from 0 to " + (classCount - 1), label);
                    }
                }
            }
        }
    }

    private static void checkWeights(double[] weights) {
        for (int row = 0; row < weights.length; row++) {
            if (!(weights[row] >= 0 && weights[row] <= Double.MAX_VALUE)) {
                throw wrongRow("weight", row, "a finite number of at least 0", weights[row]);
            }
        }
    }

    private static IllegalArgumentException wrongRow(String what, int row, String expected, double found) {
        return new IllegalArgumentException(what + " of row " + row + ": expected " + expected + ", found " + found);
    }
}
