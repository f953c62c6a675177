package io.github.corymb.feature;

/// A mistake in what a user gave us: a file, a value, a name. The message is one line that says place, expected and
/// found, for example `feature 'history': expected a list of BIGINT, found VARCHAR (data.source, column 4)`. The
/// command line prints it and exits with status 1.
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
