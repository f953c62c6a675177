package io.github.corymb.serving.server;

import io.github.corymb.feature.InputException;
import io.github.corymb.serving.BundleFaultException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request is not answered. The message is one line, for who asked.
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(RefusedException.class);

    private final Refusal refusal;

    RefusedException(Refusal refusal, String message) {
        this(refusal, message, null);
    }

    RefusedException(Refusal refusal, String message, Throwable cause) {
        super(message, cause);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }

    /// What a fault means to who asked. Faults of ours are told in the log.
    static RefusedException of(Throwable fault) {
        return switch (fault) {
            case RefusedException refused -> refused;
            case InputException mistake -> new RefusedException(Refusal.MISTAKE, mistake.getMessage(), mistake);
            case CompletionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
            case BundleFaultException damaged -> {
                LOG.error("a bundle was damaged", damaged);
                yield new RefusedException(Refusal.BUSY, damaged.getMessage(), damaged);
            }
            case IllegalStateException closed -> {
                LOG.warn("a version was asked while it was closed", closed);
                yield new RefusedException(Refusal.BUSY, "this version was just taken away", closed);
            }
            default -> {
                LOG.error("a request failed", fault);
                yield new RefusedException(Refusal.FAULT, "the server failed; its log says how", fault);
            }
        };
    }
}
