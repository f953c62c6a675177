package io.github.corymb.cli;

import io.github.corymb.train.TrainListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Tells a person how training goes on: a bar with rate and time left on a terminal, plain lines elsewhere.
final class ConsoleProgress implements TrainListener, AutoCloseable {

    private static final double LINE_INTERVAL_SECONDS = 10;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter out;
    private final boolean isTerminal;
    private ProgressBar bar; // null where there is no terminal, and before training
    private long startNanos;
    private long lineNanos;
    private long startStep;
    private long rows;

    private ConsoleProgress(PrintWriter out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    static ConsoleProgress on(PrintWriter out) {
        return new ConsoleProgress(
                out, System.console() != null && System.console().isTerminal());
    }

    @Override
    public void onData(String summary, boolean kept, double seconds) {
        line("data: %s; %s in %.1f s", summary, kept ? "encoded by an earlier run, opened" : "read", seconds);
    }

    @Override
    public void onWarning(String message) {
        line("warning: %s", message);
    }

    @Override
    public void onStart(long denseParameters, long step, long totalSteps) {
        line("network: %,d dense parameters; step %,d of at most %,d", denseParameters, step, totalSteps);
        startNanos = System.nanoTime();
        lineNanos = startNanos;
        startStep = step;
        if (isTerminal) {
            bar = new ProgressBarBuilder()
                    .setTaskName("training")
                    .setInitialMax(totalSteps)
                    .startsFrom(step, Duration.ZERO)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUpdateIntervalMillis(200)
                    .build();
        }
    }

    @Override
    public void onStep(int epoch, long step, long totalSteps, int rowCount, List<Double> losses) {
        rows += rowCount;
        long now = System.nanoTime();
        if (bar != null) {
            bar.step();
            bar.setExtraMessage("epoch %d, loss %s, %,.0f rows/s".formatted(epoch, joined(losses), rate(now)));
        } else if ((now - lineNanos) / NANOS_PER_SECOND >= LINE_INTERVAL_SECONDS) {
            lineNanos = now;
            double perStep = (now - startNanos) / NANOS_PER_SECOND / (step - startStep);
            line(
                    "epoch %d, step %,d of %,d, loss %s, %,.0f rows/s, at most %s left",
                    epoch, step, totalSteps, joined(losses), rate(now), duration((totalSteps - step) * perStep));
        }
    }

    private double rate(long now) {
        return rows / Math.max(1e-9, (now - startNanos) / NANOS_PER_SECOND);
    }

    @Override
    public void onEpoch(int epoch, int epochs, SortedMap<String, Double> metrics, boolean improved) {
        line(
                "epoch %d of %d: validation %s%s",
                epoch,
                epochs,
                metrics.entrySet().stream()
                        .filter(entry -> isMain(entry.getKey()))
                        .map(entry -> "%s %.4f".formatted(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", ")),
                improved ? " (best)" : "");
    }

    private static boolean isMain(String name) {
        return name.endsWith(".auc")
                || name.endsWith(".rmse")
                || name.endsWith(".macro_f1")
                || name.endsWith(".log_loss");
    }

    private void line(String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        if (bar != null) {
            bar.pause();
            out.print("\r\u001b[K"); // the bar's line gives way
        }
        out.println(text);
        out.flush();
        if (bar != null) {
            bar.resume();
        }
    }

    private static String joined(List<Double> losses) {
        return losses.stream()
                .map(loss -> String.format(Locale.ROOT, "%.4f", loss))
                .collect(Collectors.joining(" "));
    }

    static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60
                ? whole + " s"
                : whole < 3600
                        ? "%d min %02d s".formatted(whole / 60, whole % 60)
                        : "%d h %02d min".formatted(whole / 3600, whole % 3600 / 60);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
