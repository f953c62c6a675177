package io.github.corymb.serving;

import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.InputException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which columns a bundle reads for the user and the context, and which for the items.
record ReadColumns(Set<String> ofRequest, Set<String> ofItems) {

    static ReadColumns of(FeatureSchema schema) {
        return new ReadColumns(ordered(schema.columns(false)), ordered(schema.columns(true)));
    }

    private static Set<String> ordered(List<String> names) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    private Set<String> of(boolean ofItem) {
        return ofItem ? ofItems : ofRequest;
    }

    /// How many of the columns given no feature reads.
    ///
    /// @param ofItem whether they were given for the items
    /// @throws InputException for one that is read of the other side alone: there it would be missed without a word
    int unknownCount(Set<String> given, boolean ofItem) {
        int unknown = 0;
        for (String name : given) {
            if (!of(ofItem).contains(name)) {
                if (of(!ofItem).contains(name)) {
                    throw new InputException("column '%s': expected among the columns of %s, found among those of %s"
                            .formatted(name, words(!ofItem), words(ofItem)));
                }
                unknown++;
            }
        }
        return unknown;
    }

    /// How many of the columns given no feature of either side reads.
    int unknownCount(Set<String> given) {
        return (int) given.stream()
                .filter(name -> !ofRequest.contains(name) && !ofItems.contains(name))
                .count();
    }

    private static String words(boolean ofItem) {
        return ofItem ? "the items" : "user and context";
    }
}
