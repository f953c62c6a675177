package io.github.corymb.serving.server;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;

/// What a model is asked over HTTP. Any number of threads.
@FunctionalInterface
interface ModelCall {

    /// @throws InputException for a body that is no such call
    Question<AggregatedHttpResponse> read(Models.Version version, AggregatedHttpRequest request);
}
