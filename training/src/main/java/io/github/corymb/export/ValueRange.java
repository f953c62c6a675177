package io.github.corymb.export;

import java.nio.FloatBuffer;

/// Between which numbers a value of a graph lies; 0 is always one of them.
///
/// @param low at most 0
/// @param high at least 0
record ValueRange(float low, float high) {

    private static final int STEP_COUNT = 255;

    static final ValueRange NONE = new ValueRange(0, 0);

    ValueRange with(ValueRange other) {
        return new ValueRange(Math.min(low, other.low), Math.max(high, other.high));
    }

    ValueRange with(FloatBuffer values) {
        float least = low;
        float greatest = high;
        while (values.hasRemaining()) {
            float value = values.get();
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        return new ValueRange(least, greatest);
    }

    /// The greatest distance from 0.
    float size() {
        return Math.max(-low, high);
    }

    /// The step between two numbers that 8 bits hold of it.
    float scale() {
        return high == low ? 1 : (high - low) / STEP_COUNT;
    }

    /// Which of the 256 numbers stands for 0.
    byte zero() {
        return (byte) Math.clamp(Math.round(-low / scale()), 0, STEP_COUNT);
    }
}
