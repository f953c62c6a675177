package io.github.corymb.data;

/// Is told how far a dataset is read, on the reading thread.
@FunctionalInterface
public interface LoadListener {

    /// Hears nothing.
    LoadListener NONE = (_, _, _) -> {};

    /// @param step what is being done: `read`, `split`, `fit` or `encode`
    /// @param done rows so far
    /// @param total rows in all, or 0 where that is not known yet
    void progress(String step, long done, long total);
}
