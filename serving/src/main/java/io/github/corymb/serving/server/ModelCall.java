package io.github.corymb.serving.server;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregatedHttpResponse;

/// What a model is asked over HTTP. Any number of threads.
interface ModelCall {

    /// @param id of the request
    /// @throws InputException for a body that is no such call
    AggregatedHttpResponse answer(String id, Models.Version version, AggregatedHttpRequest request);
}
