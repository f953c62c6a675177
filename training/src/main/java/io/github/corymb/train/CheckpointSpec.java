package io.github.corymb.train;

/// The `train.checkpoint` of an experiment file: when the state of the training is written down, beside the end of
/// every epoch.
///
/// @param steps also after so many steps, at least 1; null for never
/// @param minutes also after so many minutes, above 0; null for never
/// @param keep how many of the newest checkpoints stay, at least 1, default 2
/// @param whileTraining whether tables are written while they learn on, so that training goes on but the checkpoint is
///     that of a later step than the one at which it was due; null for tables of 256 MB and more
public record CheckpointSpec(Long steps, Double minutes, Integer keep, Boolean whileTraining) {

    private static final long LARGE = 256L << 20; // bytes, which take a disk about a second

    public CheckpointSpec {
        keep = keep == null ? 2 : keep;
        if (steps != null && steps < 1) {
            throw new IllegalArgumentException("steps: expected at least 1, found " + steps);
        }
        if (minutes != null && !(minutes > 0 && minutes < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("minutes: expected above 0, found " + minutes);
        }
        if (keep < 1) {
            throw new IllegalArgumentException("keep: expected at least 1, found " + keep);
        }
    }

    /// Whether tables of so many bytes are written while they learn on.
    boolean isGradual(long size) {
        return whileTraining == null ? size >= LARGE : whileTraining;
    }
}
