package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import io.github.corymb.serving.Ranking;
import java.util.List;

/// A request and its answer, for those who look at traffic after the caller has been served.
///
/// @param request its id
/// @param version that answered
/// @param ids an item each, null where it has none
record Answered(
        String request,
        Models.Version version,
        FeatureRows context,
        FeatureRows items,
        List<JsonNode> ids,
        RankQuestion question,
        Ranking ranking) {}
