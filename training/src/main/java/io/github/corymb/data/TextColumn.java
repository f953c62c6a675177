package io.github.corymb.data;

import java.util.List;

/// A column of text for the rows of one split, such as the one that an evaluation is broken down by.
///
/// @param name of the column
/// @param values each different text once, in the order of the data; NULL is the text `NULL`
/// @param codes the place in `values` of each row's text
@SuppressWarnings("ArrayRecordComponent") // large, never compared
public record TextColumn(String name, List<String> values, int[] codes) {}
