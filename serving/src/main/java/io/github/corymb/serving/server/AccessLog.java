package io.github.corymb.serving.server;

import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.logging.AccessLogWriter;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A line of JSON a request, to the logger `corymb.access` at level INFO:
///
///     {"time": ..., "request": ID, "client": ADDRESS, "method": ..., "path": ..., "status": 200, "millis": 3.1,
///      "request_bytes": ..., "response_bytes": ...}
///
/// Whoever starts the server says where that logger writes to. Bodies and queries are never in it.
final class AccessLog implements AccessLogWriter {

    private static final Logger LOG = LoggerFactory.getLogger("corymb.access");

    @Override
    public void log(RequestLog log) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        ServiceRequestContext context = (ServiceRequestContext) log.context();
        LOG.info(RankBody.JSON
                .createObjectNode()
                .put(
                        "time",
                        Instant.EPOCH
                                .plusNanos(TimeUnit.MICROSECONDS.toNanos(log.requestStartTimeMicros()))
                                .toString())
                .put("request", RequestIds.of(context))
                .put("client", context.clientAddress().getHostAddress())
                .put("method", context.method().name())
                .put("path", context.path())
                .put("status", log.responseStatus().code())
                .put("millis", log.totalDurationNanos() / 1e6)
                .put("request_bytes", log.requestLength())
                .put("response_bytes", log.responseLength())
                .toString());
    }
}
