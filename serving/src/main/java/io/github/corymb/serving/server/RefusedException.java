package io.github.corymb.serving.server;

import io.github.corymb.feature.InputException;
import io.github.corymb.serving.BundleFaultException;
import io.github.corymb.serving.RankerClosedException;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request is not answered. The message is one line of bounded length, for who asked.
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(RefusedException.class);

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int LENGTH_LIMIT = 1_000;

    private final Refusal refusal;

    RefusedException(Refusal refusal, String message) {
        this(refusal, message, null);
    }

    RefusedException(Refusal refusal, String message, Throwable cause) {
        super(oneLine(message), cause, false, false); // where it was thrown is of no use, and costs
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }

    /// What the caller wrote may stand in it.
    private static String oneLine(String message) {
        String line = CONTROL.matcher(message).replaceAll("?");
        return line.length() > LENGTH_LIMIT ? line.substring(0, LENGTH_LIMIT) + "..." : line;
    }

    /// What a fault means to who asked. Faults of ours are told in the log.
    ///
    /// @param request its id
    static RefusedException of(String request, Throwable fault) {
        return switch (fault) {
            case RefusedException refused -> refused;
            case InputException mistake -> new RefusedException(Refusal.MISTAKE, mistake.getMessage(), mistake);
            case CompletionException wrapped when wrapped.getCause() != null -> of(request, wrapped.getCause());
            case BundleFaultException damaged -> {
                LOG.error("request {}: a bundle was damaged", request, damaged);
                yield new RefusedException(Refusal.BUSY, damaged.getMessage(), damaged);
            }
            case RankerClosedException closed -> {
                LOG.warn("request {}: a version was asked while it was closed", request, closed);
                yield new RefusedException(Refusal.BUSY, "this version was just taken away", closed);
            }
            default -> {
                LOG.error("request {}", request, fault);
                yield new RefusedException(Refusal.FAULT, "the server failed; its log says how", fault);
            }
        };
    }
}
