package io.github.corymb.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalDistributionTest {

    /// Expected values: scipy.special.erfc.
    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "0.5, 0.4795001221869535",
        "1, 0.15729920705028516",
        "1.9, 0.007209570764742531",
        "1.999999, 0.004677755648073952",
        "2, 0.004677734981047266",
        "2.5, 0.00040695201744495886",
        "4, 1.541725790028002e-08",
        "10, 2.0884875837625446e-45",
        "26, 5.663192408856145e-296"
    })
    void complementaryErrorIsRightToThirteenDigits(double x, double expected) {
        assertEquals(1, NormalDistribution.complementaryError(x) / expected, 1e-13);
    }

    /// Expected values: 2 · scipy.stats.norm.sf.
    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "0.1, 0.920344325445942",
        "-1.5, 0.13361440253771614",
        "1.959963984540054, 0.05",
        "2.8, 0.005110260660855864",
        "-3, 0.0026997960632601866",
        "8, 1.244192114854348e-15",
        "Infinity, 0"
    })
    void pIsTwoSided(double z, double expected) {
        assertEquals(expected, NormalDistribution.twoSidedP(z), 1e-13 * expected);
    }
}
