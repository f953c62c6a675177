package io.github.corymb.metric;

/// Orders of the rows of one prediction, each computed when first asked for: by score, and by user and score.
final class RowIndex {

    private final double[] scores; // [n]
    private final long[] groups; // [n], or null
    private int[] byScore; // [n]
    private int[] userOfRow; // [n]
    private int userCount; // U
    private int[] byUserAndScore; // [n]
    private int[] userStarts; // [U + 1]

    RowIndex(double[] scores, long[] groups) {
        this.scores = scores;
        this.groups = groups;
    }

    /// Row numbers by ascending score.
    synchronized int[] byScore() {
        if (byScore == null) {
            byScore = RowOrder.byScore(scores);
        }
        return byScore;
    }

    /// The user of each row, numbered from 0 in the order of the group keys.
    synchronized int[] userOfRow() {
        if (userOfRow == null) {
            int[] byGroup = RowOrder.byKey(groups); // [n]
            int[] users = new int[byGroup.length]; // [n]
            int user = -1;
            for (int i = 0; i < byGroup.length; i++) {
                if (i == 0 || groups[byGroup[i]] != groups[byGroup[i - 1]]) {
                    user++;
                }
                users[byGroup[i]] = user;
            }
            userOfRow = users;
            userCount = user + 1;
        }
        return userOfRow;
    }

    synchronized int userCount() {
        userOfRow();
        return userCount;
    }

    /// Row numbers user by user, by ascending score within a user.
    synchronized int[] byUserAndScore() {
        if (byUserAndScore == null) {
            int[] users = userOfRow(); // [n]
            int[] starts = new int[userCount + 1]; // [U + 1]
            for (int user : users) {
                starts[user + 1]++;
            }
            for (int user = 0; user < userCount; user++) {
                starts[user + 1] += starts[user];
            }
            int[] next = starts.clone(); // [U + 1]
            int[] rows = new int[users.length]; // [n]
            for (int row : byScore()) {
                rows[next[users[row]]++] = row;
            }
            byUserAndScore = rows;
            userStarts = starts;
        }
        return byUserAndScore;
    }

    /// Where each user begins in [#byUserAndScore()]; one more entry, the number of rows, ends the last.
    synchronized int[] userStarts() {
        byUserAndScore();
        return userStarts;
    }
}
