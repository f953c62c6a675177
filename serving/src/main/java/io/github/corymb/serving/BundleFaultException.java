package io.github.corymb.serving;

/// A bundle that was sound when it was opened cannot answer any more, such as one with a table that was cut short
/// under the map. What it has answered before is right; another bundle can take its place.
public final class BundleFaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BundleFaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
