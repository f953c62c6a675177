package io.github.corymb.embedding;

import io.github.corymb.feature.Batch;
import io.github.corymb.feature.Field;
import io.github.corymb.feature.KeyLists;
import io.github.corymb.feature.Pooling;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The plain twin of [EmbeddingTables]: hash maps and doubles, each formula as it stands in [EmbeddingSpec].
final class NaiveTables {

    private static final class Row {
        private final double[] w; // [D]
        private final double[] m; // [D]
        private final double[] v; // [D + 1], the last for the whole row

        Row(int dimension) {
            w = new double[dimension];
            m = new double[dimension];
            v = new double[dimension + 1];
        }
    }

    private final List<Field> fields;
    private final EmbeddingSpec spec;
    private final long seed;
    private final Map<String, Map<Long, Row>> tables = new HashMap<>();

    NaiveTables(List<Field> fields, EmbeddingSpec spec, long seed) {
        this.fields = fields;
        this.spec = spec;
        this.seed = seed;
    }

    int rowCount(String table) {
        return rows(table).size();
    }

    /// Forgets the row of a key.
    void drop(String table, long key) {
        rows(table).remove(key);
    }

    /// [B, ΣD]
    double[][] gather(Batch batch, boolean insert) {
        double[][] leaf = new double[batch.rowCount()]
                [fields.stream().mapToInt(Field::dimension).sum()];
        int column = 0;
        for (int f = 0; f < fields.size(); f++) {
            Field field = fields.get(f);
            for (int b = 0; b < batch.rowCount(); b++) {
                long[] keys = keys(batch.fields().get(f), b);
                for (long key : keys) {
                    if (insert) {
                        rows(field.table()).computeIfAbsent(key, k -> newRow(field, k));
                    }
                    Row row = rows(field.table()).get(key);
                    for (int j = 0; j < field.dimension() && row != null; j++) {
                        leaf[b][column + j] += row.w[j] * factor(field, keys);
                    }
                }
            }
            column += field.dimension();
        }
        return leaf;
    }

    void update(Batch batch, double[][] gradient, double rateScale, int step) {
        Map<String, Map<Long, double[]>> sums = new LinkedHashMap<>();
        int column = 0;
        for (int f = 0; f < fields.size(); f++) {
            Field field = fields.get(f);
            Map<Long, double[]> sumOf = sums.computeIfAbsent(field.table(), _ -> new LinkedHashMap<>());
            for (int b = 0; b < batch.rowCount(); b++) {
                long[] keys = keys(batch.fields().get(f), b);
                for (long key : keys) {
                    double[] sum = sumOf.computeIfAbsent(key, _ -> new double[field.dimension()]);
                    for (int j = 0; j < sum.length; j++) {
                        sum[j] += gradient[b][column + j] * factor(field, keys);
                    }
                }
            }
            column += field.dimension();
        }
        sums.forEach(
                (table, sumOf) -> sumOf.forEach((key, g) -> step(rows(table).get(key), g, rateScale, step)));
    }

    private void step(Row row, double[] g, double rateScale, int step) {
        double rate = spec.rate() * rateScale;
        double squares = 0;
        for (int j = 0; j < g.length; j++) {
            g[j] += spec instanceof EmbeddingSpec.Ftrl ? 0 : spec.l2() * row.w[j];
            squares += g[j] * g[j];
        }
        double[] u = new double[g.length];
        double rowLength = 0;
        double stepLength = 0;
        for (int j = 0; j < g.length; j++) {
            row.w[j] *= 1 - rate * spec.weightDecay();
            u[j] = step(row, g[j], j, squares / g.length, rate, step);
            rowLength += row.w[j] * row.w[j];
            stepLength += u[j] * u[j];
        }
        double limit = spec.rowClip() == null
                ? Double.POSITIVE_INFINITY
                : spec.rowClip() * Math.max(1e-3, Math.sqrt(rowLength));
        for (int j = 0; j < g.length; j++) {
            row.w[j] -= u[j] * Math.min(1, limit / Math.sqrt(stepLength));
        }
    }

    private double step(Row row, double g, int j, double meanSquare, double rate, int step) {
        int whole = row.w.length;
        return switch (spec) {
            case EmbeddingSpec.Sgd sgd -> {
                row.m[j] = sgd.momentum() * row.m[j] + g;
                yield rate * row.m[j];
            }
            case EmbeddingSpec.Adagrad adagrad -> {
                row.v[j] += g * g;
                yield rate * g / (Math.sqrt(row.v[j]) + adagrad.epsilon());
            }
            case EmbeddingSpec.RowWiseAdagrad adagrad -> {
                row.v[whole] += j == 0 ? meanSquare : 0;
                yield rate * g / (Math.sqrt(row.v[whole]) + adagrad.epsilon());
            }
            case EmbeddingSpec.Adam adam -> {
                row.m[j] = adam.beta1() * row.m[j] + (1 - adam.beta1()) * g;
                row.v[j] = adam.beta2() * row.v[j] + (1 - adam.beta2()) * g * g;
                double first = row.m[j] / (1 - Math.pow(adam.beta1(), step));
                double second = row.v[j] / (1 - Math.pow(adam.beta2(), step));
                yield rate * first / (Math.sqrt(second) + adam.epsilon());
            }
            case EmbeddingSpec.RowWiseAdam adam -> {
                row.m[j] = adam.beta1() * row.m[j] + (1 - adam.beta1()) * g;
                if (j == 0) {
                    row.v[whole] = adam.beta2() * row.v[whole] + (1 - adam.beta2()) * meanSquare;
                }
                double first = row.m[j] / (1 - Math.pow(adam.beta1(), step));
                double second = row.v[whole] / (1 - Math.pow(adam.beta2(), step));
                yield rate * first / (Math.sqrt(second) + adam.epsilon());
            }
            case EmbeddingSpec.Ftrl ftrl -> {
                double sigma = (Math.sqrt(row.v[j] + g * g) - Math.sqrt(row.v[j])) / rate;
                row.v[j] += g * g;
                row.m[j] += g - sigma * row.w[j];
                double z = row.m[j];
                double size = (Math.abs(z) - ftrl.l1()) / ((ftrl.beta() + Math.sqrt(row.v[j])) / rate + ftrl.l2());
                yield row.w[j] - (Math.abs(z) <= ftrl.l1() ? 0 : -Math.signum(z) * size);
            }
        };
    }

    private Row newRow(Field field, long key) {
        int d = field.dimension();
        Row row = new Row(d);
        for (int j = 0; j < d; j++) {
            row.w[j] = InitialWeights.weight(Mix.mix(seed, field.table()), key, j, spec.initialScale());
        }
        return row;
    }

    private Map<Long, Row> rows(String table) {
        return tables.computeIfAbsent(table, _ -> new HashMap<>());
    }

    private static double factor(Field field, long[] keys) {
        return field.pooling() == Pooling.MEAN ? 1.0 / keys.length : 1;
    }

    private static long[] keys(KeyLists lists, int b) {
        return Arrays.copyOfRange(lists.keys(), lists.offsets()[b], lists.offsets()[b + 1]);
    }
}
