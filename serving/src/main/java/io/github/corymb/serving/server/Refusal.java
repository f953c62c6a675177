package io.github.corymb.serving.server;

import com.linecorp.armeria.common.HttpStatus;
import io.grpc.Status;

/// Why a request is not answered, as each protocol tells it.
enum Refusal {
    /// The request is none, or one that cannot be answered.
    MISTAKE(400, Status.Code.INVALID_ARGUMENT),
    UNKNOWN_MODEL(404, Status.Code.NOT_FOUND),
    /// The request is longer than the server's limit.
    TOO_LONG(413, Status.Code.RESOURCE_EXHAUSTED),
    /// The caller has as many requests under way as one may have.
    OVER_SHARE(429, Status.Code.RESOURCE_EXHAUSTED),
    /// The server has too much to do, or stops.
    BUSY(503, Status.Code.UNAVAILABLE),
    /// It waited longer than its deadline.
    LATE(503, Status.Code.DEADLINE_EXCEEDED),
    /// A fault of ours.
    FAULT(500, Status.Code.INTERNAL);

    private final int status;
    private final Status.Code code;

    Refusal(int status, Status.Code code) {
        this.status = status;
        this.code = code;
    }

    HttpStatus status() {
        return HttpStatus.valueOf(status);
    }

    Status.Code code() {
        return code;
    }
}
