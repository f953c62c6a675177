package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ZipfTest {

    @Test
    void sharesFallWithTheRank() {
        Zipf zipf = new Zipf(3, 1.0);
        double all = 1 + 1.0 / 2 + 1.0 / 3;
        int draws = 100_000;
        int[] counts = new int[3];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < draws; i++) {
            counts[zipf.next(random)]++;
        }
        for (int rank = 0; rank < 3; rank++) {
            double share = 1.0 / (rank + 1) / all;
            double deviation = Math.sqrt(share * (1 - share) / draws);
            assertEquals(share, (double) counts[rank] / draws, 5 * deviation);
        }
    }
}
