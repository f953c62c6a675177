package io.github.corymb.serving.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void anyStretchOfRequestsHasTheShare() {
        for (double share : new double[] {0, 0.001, 0.01, 0.1, 0.5, 0.9, 1}) {
            Sample sample = new Sample(share);
            for (int stretch = 0; stretch < 20; stretch++) {
                long chosen =
                        IntStream.range(0, 5_000).filter(_ -> sample.next()).count();
                assertEquals(5_000 * share, (double) chosen, share == 0 || share == 1 ? 0 : 5, "share " + share);
            }
        }
    }

    @Test
    void aPeriodOfTrafficIsSampledAsTheRest() {
        Sample sample = new Sample(0.1);
        int[] chosenOfKind = new int[10];
        for (int request = 0; request < 100_000; request++) {
            chosenOfKind[request % 10] += sample.next() ? 1 : 0;
        }
        for (int chosen : chosenOfKind) {
            assertEquals(10_000 * 0.1, chosen, 10);
        }
    }
}
