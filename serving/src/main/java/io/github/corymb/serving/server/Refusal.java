package io.github.corymb.serving.server;

import com.linecorp.armeria.common.HttpStatus;
import io.grpc.Status;

/// Why a request is not answered, as each protocol tells it.
enum Refusal {
    /// The request is none, or one that cannot be answered.
    MISTAKE(HttpStatus.BAD_REQUEST, Status.Code.INVALID_ARGUMENT),
    UNKNOWN_MODEL(HttpStatus.NOT_FOUND, Status.Code.NOT_FOUND),
    /// The request is longer than the server's limit.
    TOO_LONG(HttpStatus.REQUEST_ENTITY_TOO_LARGE, Status.Code.RESOURCE_EXHAUSTED),
    /// The caller has as many requests under way as one may have.
    OVER_SHARE(HttpStatus.TOO_MANY_REQUESTS, Status.Code.RESOURCE_EXHAUSTED),
    /// The server has too much to do, or stops.
    BUSY(HttpStatus.SERVICE_UNAVAILABLE, Status.Code.UNAVAILABLE),
    /// It waited longer than its deadline.
    LATE(HttpStatus.SERVICE_UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED),
    /// A fault of ours.
    FAULT(HttpStatus.INTERNAL_SERVER_ERROR, Status.Code.INTERNAL);

    private final HttpStatus status;
    private final Status.Code code;

    Refusal(HttpStatus status, Status.Code code) {
        this.status = status;
        this.code = code;
    }

    HttpStatus status() {
        return status;
    }

    Status.Code code() {
        return code;
    }
}
