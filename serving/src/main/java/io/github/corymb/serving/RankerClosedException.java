package io.github.corymb.serving;

/// A ranker was asked after it was closed, or while it was. Another one may answer the same question.
public final class RankerClosedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    RankerClosedException() {
        super("the ranker is closed");
    }
}
