package io.github.corymb.tensor;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where tensors live and are computed: `cpu`, or `cuda:N` for the N-th GPU, counted from 0.
public sealed interface Device {

    /// Reads `cpu`, `cuda` (the same as `cuda:0`) or `cuda:N`; anything else is an [IllegalArgumentException].
    @JsonCreator
    static Device parse(String text) {
        Matcher cuda = Pattern.compile("cuda(?::(\\d{1,2}))?").matcher(text);
        if (text.equals("cpu")) {
            return new Cpu();
        }
        if (cuda.matches()) {
            return new Cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
        }
        throw new IllegalArgumentException("device: expected cpu or cuda:N, found '" + text + "'");
    }

    /// As [#parse] reads it.
    @JsonValue
    String name();

    /// The processor this program runs on.
    record Cpu() implements Device {
        @Override
        public String name() {
            return "cpu";
        }
    }

    /// A GPU of NVIDIA's, by its number.
    record Cuda(int index) implements Device {
        public Cuda {
            if (index < 0) {
                throw new IllegalArgumentException("device: expected a number of at least 0, found " + index);
            }
        }

        @Override
        public String name() {
            return "cuda:" + index;
        }
    }
}
