package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTest {

    /// Reaches these rates, one a round.
    private static Contender contender(String name, double... rates) {
        Iterator<Double> next = Arrays.stream(rates).iterator();
        return new Contender(name, next::next);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertEquals(2, Session.median(new double[] {3, 1, 2}));
        assertEquals((2.0 + 4.0) / 2, Session.median(new double[] {9, 4, 1, 2}));
    }

    @Test
    void contendersTakeTurns() throws Exception {
        List<String> turns = new ArrayList<>();
        List<Contender> contenders = List.of(
                new Contender("a", () -> turns.add("a") ? 1 : 0), new Contender("b", () -> turns.add("b") ? 1 : 0));
        Sessions.alone(2).compare("what", "1/s", contenders);
        assertEquals(List.of("a", "b", "a", "b", "a", "b"), turns); // one round that does not count, two that do
    }

    @Test
    void theFirstRoundDoesNotCountAndTheSpreadIsThatOfTheOthers() throws Exception {
        Session session = Sessions.alone(3);
        double[] medians = session.compare(
                "what", "rows/s", List.of(contender("a", 1000, 5, 2, 4), contender("b", 0.1, 6, 8, 100)));
        assertEquals(List.of(4.0, 8.0), Arrays.stream(medians).boxed().toList());
        Figure a = session.figures().get(0);
        Figure b = session.figures().get(1);
        assertEquals(List.of(2.0, 4.0, 5.0, 4.0 / 4), List.of(a.low(), a.median(), a.high(), a.ratio()));
        assertEquals(List.of(6.0, 8.0, 100.0, 8.0 / 4), List.of(b.low(), b.median(), b.high(), b.ratio()));
        assertEquals("what rows/s", b.comparison() + " " + b.unit());
    }

    @Test
    void aPeerThatFailsIsLeftOutWithOneLineAndTheRestGoesOn() throws Exception {
        PeerFault fault = new PeerFault("peer.py: expected a rate, found 'fast'");
        Contender loses = new Contender("loses", () -> {
            throw fault;
        });
        Session session = Sessions.alone(2);
        double[] medians = session.compare(
                "what", "rows/s", List.of(loses, contender("second", 1, 2, 2), loses, contender("last", 1, 6, 6)));
        assertEquals(List.of("second", "last"), Sessions.contenders(session));
        assertEquals(6.0 / 2, session.figures().getLast().ratio()); // by the first that is left
        assertEquals(fault.getMessage(), Sessions.note(session, "left out"));
        assertTrue(Double.isNaN(medians[0]) && Double.isNaN(medians[2]));
    }

    @Test
    void aPeerThatFailsLateIsAskedNoMoreAndHasNoFigure() throws Exception {
        List<String> turns = new ArrayList<>();
        Contender dies = new Contender("dies", () -> {
            turns.add("dies");
            if (turns.size() == 2) {
                throw new PeerFault("peer.py: gone");
            }
            return 1;
        });
        Session session = Sessions.alone(4);
        session.compare("what", "rows/s", List.of(contender("stays", 1, 1, 2, 3, 4), dies));
        assertEquals(2, turns.size());
        assertEquals(List.of("stays"), Sessions.contenders(session));
    }

    @Test
    void aFaultOfOursEndsTheRun() {
        Contender broken = new Contender("broken", () -> {
            throw new IOException("ours");
        });
        assertThrows(IOException.class, () -> Sessions.alone(1).compare("what", "1/s", List.of(broken)));
    }

    @Test
    void aRatioIsNotedOnlyWhereBothAreKnown() {
        Session session = Sessions.alone(1);
        session.noteRatio("known", 3, 2);
        session.noteRatio("unknown", 3, Double.NaN);
        assertEquals("1.50 ×", Sessions.note(session, "known"));
        assertEquals("", Sessions.note(session, "unknown"));
    }

    @Test
    void ratesShowThreeDigitsThatCount() {
        assertEquals("1,234,568", Session.rate(1234567.8));
        assertEquals("100", Session.rate(100.4));
        assertEquals("99.4", Session.rate(99.44));
        assertEquals("1.235", Session.rate(1.2346));
    }
}
