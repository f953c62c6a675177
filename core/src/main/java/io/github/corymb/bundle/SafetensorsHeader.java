package io.github.corymb.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.corymb.feature.InputException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The header of a safetensors file: its tensors by name, and its free-form metadata.
///
/// @param tensors every tensor, by name
/// @param metadata the strings under `__metadata__`
record SafetensorsHeader(SortedMap<String, StoredTensor> tensors, SortedMap<String, String> metadata) {

    static final String METADATA = "__metadata__";

    SafetensorsHeader {
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    /// Reads a header, and holds it against `dataSize`, the bytes that follow it in the file.
    ///
    /// @throws InputException without the file's name, which the caller puts before it
    static SafetensorsHeader parse(ByteBuffer bytes, long dataSize) {
        if (!bytes.hasRemaining() || bytes.get(bytes.position()) != '{') {
            throw new InputException("header: expected it to begin with '{'");
        }
        JsonNode root;
        try {
            root = StrictJson.read(bytes);
        } catch (JsonProcessingException problem) {
            throw new InputException("header: " + StrictJson.problemOf(problem), problem);
        }
        SortedMap<String, StoredTensor> tensors = new TreeMap<>();
        SortedMap<String, String> metadata = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (entry.getKey().equals(METADATA)) {
                readMetadata(entry.getValue(), metadata);
            } else {
                tensors.put(entry.getKey(), readTensor("tensor '" + entry.getKey() + "'", entry.getValue()));
            }
        }
        refuseHoles(tensors, dataSize);
        return new SafetensorsHeader(tensors, metadata);
    }

    private static void readMetadata(JsonNode node, SortedMap<String, String> metadata) {
        if (!node.isObject()) {
            throw new InputException(METADATA + ": expected an object of strings, found " + StrictJson.kindOf(node));
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isTextual()) {
                throw new InputException("%s.%s: expected a string, found %s"
                        .formatted(METADATA, entry.getKey(), StrictJson.kindOf(entry.getValue())));
            }
            metadata.put(entry.getKey(), entry.getValue().textValue());
        }
    }

    private static StoredTensor readTensor(String place, JsonNode node) {
        if (!node.isObject() || node.size() != 3 || !node.has("dtype") || !node.has("shape")
                || !node.has("data_offsets")) {
            throw new InputException(place + ": expected an object of dtype, shape and data_offsets");
        }
        ElementType type = readType(place, node.get("dtype"));
        List<Long> shape = readCounts(place + ": shape", node.get("shape"));
        List<Long> offsets = readCounts(place + ": data_offsets", node.get("data_offsets"));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw new InputException(place + ": data_offsets: expected begin and end, found " + offsets);
        }
        StoredTensor tensor = new StoredTensor(type, shape, offsets.get(0), offsets.get(1));
        long size;
        try {
            size = StoredTensor.sizeOf(type, shape);
        } catch (ArithmeticException overflow) {
            throw new InputException("%s: shape: %s of %s is too large".formatted(place, shape, type), overflow);
        }
        if (size != tensor.size()) {
            throw new InputException("%s: expected %d bytes for %s of %s, found %d"
                    .formatted(place, size, shape, type, tensor.size()));
        }
        return tensor;
    }

    private static ElementType readType(String place, JsonNode node) {
        for (ElementType type : ElementType.values()) {
            if (node.isTextual() && type.name().equals(node.textValue())) {
                return type;
            }
        }
        throw new InputException("%s: dtype: expected one of %s, found %s"
                .formatted(place, List.of(ElementType.values()), node));
    }

    private static List<Long> readCounts(String place, JsonNode node) {
        if (!node.isArray()) {
            throw new InputException(place + ": expected a list of numbers, found " + StrictJson.kindOf(node));
        }
        List<Long> counts = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            if (!element.isIntegralNumber() || !element.canConvertToLong() || element.longValue() < 0) {
                throw new InputException(place + ": expected whole numbers from 0, found " + element);
            }
            counts.add(element.longValue());
        }
        return counts;
    }

    private static void refuseHoles(SortedMap<String, StoredTensor> tensors, long dataSize) {
        List<Map.Entry<String, StoredTensor>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.comparingLong((Map.Entry<String, StoredTensor> entry) ->
                        entry.getValue().begin())
                .thenComparingLong(entry -> entry.getValue().end()));
        long end = 0;
        for (Map.Entry<String, StoredTensor> entry : ordered) {
            if (entry.getValue().begin() != end) {
                throw new InputException("tensor '%s': data_offsets: expected to begin at %d, found %d"
                        .formatted(entry.getKey(), end, entry.getValue().begin()));
            }
            end = entry.getValue().end();
        }
        if (end != dataSize) {
            throw new InputException("expected %d bytes of data after the header, found %d".formatted(end, dataSize));
        }
    }
}
