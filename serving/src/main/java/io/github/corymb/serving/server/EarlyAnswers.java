package io.github.corymb.serving.server;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;

/// Gives an answer that a request's head alone decides when the request's body has come to its end and was thrown
/// away: what a service throws as an answer, and whatever no service is there for. By HTTP/2 a stream that is answered
/// before is reset, and clients that still send then tell of the reset, not of the answer. Any number of threads.
final class EarlyAnswers implements DecoratingHttpServiceFunction {

    @Override
    public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        HttpResponse answer;
        try {
            answer = service.serve(context, request);
        } catch (HttpResponseException early) {
            return afterBody(request, early.httpResponse());
        }
        return context.config().route().isFallback() ? afterBody(request, answer) : answer;
    }

    private static HttpResponse afterBody(HttpRequest request, HttpResponse answer) {
        return HttpResponse.of(request.subscribe().handle((_, _) -> answer));
    }
}
