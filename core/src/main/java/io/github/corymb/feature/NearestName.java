package io.github.corymb.feature;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// The known name that a mistyped one probably meant.
public final class NearestName {

    private NearestName() {}

    /// The name at the smallest edit distance from `wrong`, or nothing where more than a third of the letters would
    /// have to change; of equally near names, the first. Case is ignored.
    public static Optional<String> of(String wrong, Collection<String> known) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String name : known) {
            int distance = distance(wrong.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            int limit = Math.max(1, Math.max(wrong.length(), name.length()) / 3);
            if (distance <= limit && distance < bestDistance) {
                best = name;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /// The end of an error message: `; did you mean 'epochs'?`, or nothing.
    public static String hint(String wrong, Collection<String> known) {
        return of(wrong, known).map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    /// How many letters must be inserted, deleted, replaced, or swapped with their neighbour (no part edited twice):
    ///
    ///     d(i, j) = min(d(i−1, j) + 1, d(i, j−1) + 1, d(i−1, j−1) + [a_i ≠ b_j],
    ///                   d(i−2, j−2) + 1 where a_i = b_(j−1) and a_(i−1) = b_j)
    ///
    /// Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3), 1964.
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
