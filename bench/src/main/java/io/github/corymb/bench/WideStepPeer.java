package io.github.corymb.bench;

import io.github.corymb.tensor.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A process of our own steps, or of their products alone, in one precision and number of threads, which are settled
/// once a process. Answers `products N`, or `dense N` and `whole N`, N steps each, as a [Peer].
///
///     WideStepPeer products|steps PRECISION THREADS BATCH_ROWS KEYS_PER_FIELD
public final class WideStepPeer {

    private static final int WARM_STEPS = 30; // until the JVM has compiled the tables' loops; a training has thousands

    private WideStepPeer() {}

    public static void main(String[] arguments) throws IOException {
        Precision precision = Precision.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        int threads = Integer.parseInt(arguments[2]);
        int batchRows = Integer.parseInt(arguments[3]);
        if (arguments[0].equals("products")) {
            try (WideProducts products = new WideProducts(precision, threads, batchRows)) {
                answer((_, steps) -> products.rate(steps));
            }
        } else {
            int keysPerField = Integer.parseInt(arguments[4]);
            try (WideStep step = new WideStep(precision, threads, batchRows, keysPerField)) {
                step.whole(WARM_STEPS);
                answer((what, steps) -> what.equals("dense") ? step.dense(steps) : step.whole(steps));
            }
        }
    }

    private interface Rates {
        double rate(String what, int steps);
    }

    private static void answer(Rates rates) throws IOException {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] words = line.split(" ", 2);
            System.out.println(rates.rate(words[0], Integer.parseInt(words[1])));
        }
    }
}
