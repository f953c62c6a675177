package io.github.corymb.serving.server;

import io.github.corymb.feature.Column;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An inference as JSON, and perhaps the values of tensors as bytes after it, as the binary extension has them:
///
///     {"id": TEXT, "parameters": {...},
///      "inputs": [{"name": COLUMN, "shape": [N] or [N, L], "datatype": NAME, "data": [...],
///                  "parameters": {...}}, ...],
///      "outputs": [{"name": TASK, "parameters": {"binary_data": BOOLEAN}}, ...]}
///
/// An input's parameter `missing` is the value that means NULL, as null in `data` does; its `binary_data_size` says how
/// many bytes it has after the JSON. `binary_data_output` of the request says how outputs are written that do not say
/// it themselves. Other parameters mean nothing here.
///
/// @param binary the outputs that are wanted as bytes, or all where `allBinary`
record InferBody(InferRequest request, boolean allBinary, Set<String> binary) {

    private static final List<String> KEYS = List.of("id", "parameters", "inputs", "outputs");
    private static final List<String> INPUT_KEYS = List.of("name", "shape", "datatype", "data", "parameters");
    private static final List<String> OUTPUT_KEYS = List.of("name", "parameters");

    /// @param json how many of the bytes are JSON; the others are values
    /// @throws InputException for what is no such request
    static InferBody parse(byte[] body, int json, int rowLimit) {
        Parts parts = JsonReader.read(body, json, InferBody::parts);
        ByteBuffer raw = ByteBuffer.wrap(body, json, body.length - json).order(ByteOrder.LITTLE_ENDIAN);
        List<InputTensor> tensors = new ArrayList<>(parts.inputs.size());
        for (Input input : parts.inputs) {
            tensors.add(input.tensor(raw, rowLimit));
        }
        if (raw.hasRemaining()) {
            throw new InputException(
                    "body: expected the bytes that inputs have, found %d more".formatted(raw.remaining()));
        }
        boolean allBinary = parts.parameters.get("binary_data_output") instanceof Boolean wanted && wanted;
        return new InferBody(new InferRequest(parts.id, tensors, parts.outputs), allBinary, parts.binary);
    }

    boolean isBinary(String output) {
        return allBinary || binary.contains(output);
    }

    /// What the JSON says, in whatever order its keys come.
    private static final class Parts {
        private String id;
        private Map<String, Object> parameters = Map.of();
        private final List<Input> inputs = new ArrayList<>();
        private final List<String> outputs = new ArrayList<>();
        private final Set<String> binary = new HashSet<>();
        private boolean hasInputs;
    }

    private static Parts parts(JsonReader json) throws IOException {
        Parts parts = new Parts();
        json.object("body", key -> {
            switch (key) {
                case "id" -> parts.id = json.text("id", "text");
                case "parameters" -> parts.parameters = parameters(json, "parameters");
                case "inputs" -> {
                    parts.hasInputs = true;
                    json.array(key, InferRequest.TENSOR_LIMIT, index -> parts.inputs.add(input(json, index)));
                }
                case "outputs" ->
                    json.array(key, InferRequest.TENSOR_LIMIT, index -> output(json, "outputs[" + index + "]", parts));
                default -> throw JsonReader.unknownKey("body", key, KEYS);
            }
        });
        if (!parts.hasInputs) {
            throw new InputException("inputs: expected an array, found nothing");
        }
        return parts;
    }

    private static Input input(JsonReader json, int index) throws IOException {
        String place = "inputs[" + index + "]";
        Input input = new Input();
        json.object(place, key -> {
            switch (key) {
                case "name" -> input.name = json.name(place + ".name", "text");
                case "datatype" -> input.datatype = json.text(place + ".datatype", "text");
                case "shape" ->
                    json.array(
                            place + ".shape",
                            2,
                            _ -> input.shape.add(json.integer(place + ".shape", "a whole number")));
                case "data" -> input.data = json.flat(place + ".data");
                case "parameters" -> input.parameters = parameters(json, place + ".parameters");
                default -> throw JsonReader.unknownKey(place, key, INPUT_KEYS);
            }
        });
        if (input.name == null || input.datatype == null) {
            throw new InputException(place + ": expected a name, a shape and a datatype, found one missing");
        }
        return input;
    }

    private static void output(JsonReader json, String place, Parts parts) throws IOException {
        String[] name = new String[1];
        boolean[] binary = new boolean[1];
        json.object(place, key -> {
            switch (key) {
                case "name" -> name[0] = json.name(place + ".name", "text");
                case "parameters" ->
                    binary[0] = parameters(json, place + ".parameters").get("binary_data") instanceof Boolean wanted
                            && wanted;
                default -> throw JsonReader.unknownKey(place, key, OUTPUT_KEYS);
            }
        });
        if (name[0] == null) {
            throw new InputException(place + ": expected a name, found nothing");
        }
        parts.outputs.add(name[0]);
        if (binary[0]) {
            parts.binary.add(name[0]);
        }
    }

    private static Map<String, Object> parameters(JsonReader json, String place) throws IOException {
        Map<String, Object> parameters = new LinkedHashMap<>();
        json.object(place, key -> parameters.put(key, json.scalar(place, "a value")));
        return parameters;
    }

    /// An input as the JSON has it.
    private static final class Input {
        private String name;
        private String datatype;
        private final List<Integer> shape = new ArrayList<>();
        private List<Object> data;
        private Map<String, Object> parameters = Map.of();

        private InputTensor tensor(ByteBuffer raw, int rowLimit) {
            String place = "'" + name + "'";
            Datatype type = Datatype.of(datatype, place);
            long[] dimensions = shape.stream().mapToLong(Integer::longValue).toArray();
            int count = InputTensor.count(dimensions, rowLimit, place);
            Object missing = type.plain(parameters.get("missing"), place);
            return InputTensor.of(name, dimensions, values(type, count, raw, place), missing);
        }

        private Column values(Datatype type, int count, ByteBuffer raw, String place) {
            Object size = parameters.get("binary_data_size");
            if (size == null) {
                return values(type, count, place);
            }
            boolean fits = size instanceof Integer bytes && bytes >= 0 && bytes <= raw.remaining();
            if (data != null || !fits) {
                throw new InputException("input %s: expected no data and a binary_data_size of at most %d, found %s"
                        .formatted(place, raw.remaining(), data != null ? "data" : size));
            }
            ByteBuffer own = raw.slice(raw.position(), (Integer) size).order(ByteOrder.LITTLE_ENDIAN);
            raw.position(raw.position() + (Integer) size);
            return type.decode(own, count, place);
        }

        private Column values(Datatype type, int count, String place) {
            if (data == null || data.size() != count) {
                throw new InputException("input %s: expected data of %d values as its shape says, found %s"
                        .formatted(place, count, data == null ? "none" : Integer.toString(data.size())));
            }
            data.replaceAll(value -> type.plain(value, place));
            return Column.ofRows(data);
        }
    }
}
