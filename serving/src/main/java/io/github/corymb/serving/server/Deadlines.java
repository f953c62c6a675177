package io.github.corymb.serving.server;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;

/// A caller's own deadline counts where it is shorter than the server's: `X-Request-Timeout-Millis`, or `grpc-timeout`.
/// A request that is not computed by then is not computed any more.
///
/// @param limit the longest that a request may take, its body's way here included
record Deadlines(Duration limit) implements DecoratingHttpServiceFunction {

    static final String HEADER = "x-request-timeout-millis";

    @Override
    public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        String wanted = request.headers().get(HEADER);
        if (wanted != null) {
            if (!wanted.matches("[1-9]\\d{0,8}")) {
                throw HttpResponseException.of(Answers.error(
                        HttpStatus.BAD_REQUEST,
                        "X-Request-Timeout-Millis: expected from 1 to 999999999, found '%s'".formatted(wanted)));
            }
            context.setRequestTimeoutMillis(Math.min(Long.parseLong(wanted), limit.toMillis()));
        }
        HttpResponse response = service.serve(context, request); // gRPC's own is heeded within
        if (context.requestTimeoutMillis() == 0 || context.requestTimeoutMillis() > limit.toMillis()) {
            context.setRequestTimeoutMillis(limit.toMillis());
        }
        return response;
    }
}
