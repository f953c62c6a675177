package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentDistributionTest {

    /// Expected values: 2 · scipy.stats.t.sf.
    @ParameterizedTest
    @CsvSource({
        "0, 4, 1",
        "0.5, 1, 0.7048327646991335",
        "1, 1, 0.5",
        "1, 2, 0.4226497308103742",
        "-1.5, 4, 0.208",
        "2.776, 4, 0.05002277831997642",
        "4.5, 9, 0.0014889494154117324",
        "1, 9, 0.3434363961379136",
        "0.9999, 30, 0.32535621647443325",
        "0.3, 50, 0.7654208802553033",
        "12, 3, 0.0012450158007893362",
        "100, 4, 5.99600209899246e-08",
        "40, 7, 1.5902179984850364e-09",
        "2, 1000, 0.04577034649325166",
        "Infinity, 3, 0"
    })
    void pIsTwoSided(double t, int freedom, double expected) {
        assertEquals(expected, StudentDistribution.twoSidedP(t, freedom), 1e-12 * expected);
    }

    /// Expected values: scipy.stats.t.ppf at 0.975 and 0.995.
    @ParameterizedTest
    @CsvSource({
        "0.95, 1, 12.706204736174694",
        "0.95, 2, 4.302652729749462",
        "0.95, 4, 2.7764451051977934",
        "0.95, 9, 2.262157162798205",
        "0.95, 100, 1.9839715185235518",
        "0.99, 1, 63.656741162871526",
        "0.99, 29, 2.756385903670605"
    })
    void quantilesEncloseTheConfidence(double confidence, int freedom, double expected) {
        assertEquals(expected, StudentDistribution.twoSidedQuantile(confidence, freedom), 1e-11 * expected);
    }
}
