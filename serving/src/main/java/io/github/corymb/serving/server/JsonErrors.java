package io.github.corymb.serving.server;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;

/// Errors that the HTTP library answers before a service is asked, in the form of all others.
final class JsonErrors implements ServerErrorHandler {

    @Override
    public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
        return null; // as the library chooses the status
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            ServiceRequestContext context,
            ServiceConfig config,
            RequestHeaders headers,
            HttpStatus status,
            String description,
            Throwable cause) {
        String message = description == null ? status.reasonPhrase() : description;
        if (status.equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)) {
            return Answers.tooLong();
        }
        return status.equals(HttpStatus.SERVICE_UNAVAILABLE) ? Answers.busy(message) : Answers.error(status, message);
    }
}
