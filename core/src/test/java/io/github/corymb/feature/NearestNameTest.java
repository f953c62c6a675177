package io.github.corymb.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class NearestNameTest {

    private static final List<String> KNOWN = List.of("epochs", "batch", "dense", "embedding", "early_stopping");

    @Test
    void findsTheNameMeant() {
        assertEquals(Optional.of("epochs"), NearestName.of("epoch", KNOWN));
        assertEquals(Optional.of("epochs"), NearestName.of("EPOCHS", KNOWN));
        assertEquals(Optional.of("batch"), NearestName.of("bacth", KNOWN));
        assertEquals(Optional.of("early_stopping"), NearestName.of("earlyStopping", KNOWN));
    }

    @Test
    void findsNothingWhereNothingIsNear() {
        assertEquals(Optional.empty(), NearestName.of("seed", KNOWN));
        assertEquals(Optional.empty(), NearestName.of("", KNOWN));
        assertEquals(Optional.empty(), NearestName.of("epochs", List.of()));
    }

    @Test
    void ofEquallyNearNamesTheFirstIsTaken() {
        assertEquals(Optional.of("item_ib"), NearestName.of("item_i", List.of("item_ib", "item_ia")));
    }

    @Test
    void countsEachKindOfEditOnce() {
        assertEquals(1, NearestName.distance("rate", "rates"));
        assertEquals(1, NearestName.distance("rate", "rat"));
        assertEquals(1, NearestName.distance("rate", "race"));
        assertEquals(1, NearestName.distance("rate", "raet"));
        assertEquals(3, NearestName.distance("ca", "abc")); // no part is edited twice
    }

    @Test
    void theHintEndsASentence() {
        assertEquals("; did you mean 'epochs'?", NearestName.hint("epoch", KNOWN));
        assertEquals("", NearestName.hint("seed", KNOWN));
    }

    @Property(seed = "2026", tries = 200)
    void theDistanceIsSymmetricAndZeroOnlyForEquals(
            @ForAll @AlphaChars @StringLength(max = 6) String a, @ForAll @AlphaChars @StringLength(max = 6) String b) {
        int distance = NearestName.distance(a, b);
        assertEquals(distance, NearestName.distance(b, a));
        assertEquals(a.equals(b), distance == 0);
    }
}
