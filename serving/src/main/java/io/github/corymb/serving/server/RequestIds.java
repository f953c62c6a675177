package io.github.corymb.serving.server;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// Gives each request an id, by which its lines in all logs are found: the one that `X-Request-Id` brings, where it is
/// 1 to 64 letters, digits, dots, dashes, underlines or colons, or else a new one. Answers bear it under the same name.
final class RequestIds implements DecoratingHttpServiceFunction {

    static final String HEADER = "x-request-id";
    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private final String prefix;
    private final AtomicLong count = new AtomicLong();

    /// @param seed other servers' ids begin otherwise
    RequestIds(long seed) {
        prefix = "%016x-".formatted(seed);
    }

    /// The id of a request that went through here; `-` for others.
    static String of(RequestContext context) {
        HttpRequest request = context.request();
        String id = request == null ? null : request.headers().get(HEADER);
        return isAccepted(id) ? id : "-";
    }

    @Override
    public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        String given = request.headers().get(HEADER);
        String id = isAccepted(given) ? given : prefix + count.incrementAndGet();
        context.setAdditionalResponseHeader(HEADER, id);
        HttpRequest named = request.withHeaders(request.headers().toBuilder().set(HEADER, id));
        context.updateRequest(named);
        return service.serve(context, named);
    }

    private static boolean isAccepted(String id) {
        return id != null && ACCEPTED.matcher(id).matches();
    }
}
