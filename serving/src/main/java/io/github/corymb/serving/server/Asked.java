package io.github.corymb.serving.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.serving.FeatureRows;
import io.github.corymb.serving.RankQuestion;
import java.util.List;

/// What a model is asked, whatever protocol brought it.
///
/// @param context one row, or one an item
/// @param ids an item each, null where it has none; empty where none has
record Asked(FeatureRows context, FeatureRows items, List<JsonNode> ids, RankQuestion question) {}
