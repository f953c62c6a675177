package io.github.corymb;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.NearestName;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says in one line what kept plain values from becoming the records of an experiment: place, path, expected, found.
final class BindingProblem {

    private static final Pattern KEY_FIRST = Pattern.compile("([^:' ]+): (.*)", Pattern.DOTALL);

    private final JsonNode root;
    private final Places places;

    BindingProblem(JsonNode root, Places places) {
        this.root = root;
        this.places = places;
    }

    /// The exception to throw in place of `problem`.
    InputException explain(JsonProcessingException problem) {
        KeyPath path = problem instanceof JsonMappingException mapping ? pathOf(mapping) : KeyPath.ROOT;
        return switch (problem) {
            case UnrecognizedPropertyException unknown -> unknownKey(path.parent(), unknown);
            case InvalidTypeIdException type -> unknownType(path, type);
            case ValueInstantiationException refused when refused.getCause() instanceof InputException cause ->
                at(places.ofValue(path), KeyPath.ROOT, cause.getMessage(), problem);
            case ValueInstantiationException refused when refused.getCause() instanceof IllegalArgumentException cause ->
                refused(path, cause.getMessage(), problem);
            case ValueInstantiationException refused -> throw new IllegalStateException(refused);
            case MismatchedInputException mismatch -> at(
                    places.ofValue(path), path, expectation(path, mismatch.getTargetType()), problem);
            default -> at(places.ofValue(path), path, outOfRange(path, problem), problem);
        };
    }

    private InputException unknownKey(KeyPath parent, UnrecognizedPropertyException problem) {
        String key = problem.getPropertyName();
        List<String> known = problem.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
        Optional<String> nearest = NearestName.of(key, known);
        String hint = nearest.map(name -> "; did you mean '" + name + "'?")
                .orElse(known.isEmpty() ? "; there are none" : "; known are " + String.join(", ", known));
        return at(places.ofKey(parent.child(key)), parent, "unknown key '" + key + "'" + hint, problem);
    }

    private InputException unknownType(KeyPath path, InvalidTypeIdException problem) {
        Class<?> base = problem.getBaseType().getRawClass();
        if (!nodeAt(path).isObject()) {
            return at(places.ofValue(path), path, expectation(path, base), problem);
        }
        String key = base.getAnnotation(JsonTypeInfo.class).property();
        List<String> known = Arrays.stream(base.getAnnotation(JsonSubTypes.class).value())
                .map(JsonSubTypes.Type::name)
                .toList();
        JsonNode found = nodeAt(path).path(key);
        String expected = "expected one of " + String.join(", ", known);
        if (!found.isTextual()) {
            return at(
                    places.ofValue(path),
                    path.child(key),
                    expected + ", found " + Found.describe(found),
                    problem);
        }
        String hint = NearestName.hint(found.textValue(), known);
        return at(
                places.ofValue(path.child(key)),
                path.child(key),
                "%s, found '%s'%s".formatted(expected, found.textValue(), hint),
                problem);
    }

    /// A record refused its components: its message begins with the key, unless the value has no keys.
    private InputException refused(KeyPath path, String message, JsonProcessingException problem) {
        Matcher keyFirst = KEY_FIRST.matcher(message == null ? "refused" : message);
        if (!keyFirst.matches()) {
            return at(places.ofValue(path), path, message, problem);
        }
        KeyPath full = nodeAt(path).isObject() || path.isRoot() ? path.join(KeyPath.parse(keyFirst.group(1))) : path;
        return at(places.ofValue(full), full, keyFirst.group(2), problem);
    }

    private String expectation(KeyPath path, Class<?> target) {
        JsonNode found = nodeAt(path);
        return "expected %s, found %s".formatted(nameOf(target), Found.describe(found))
                + (target != null && target.isEnum() && found.isTextual()
                        ? NearestName.hint(found.textValue(), namesOf(target))
                        : "");
    }

    private String outOfRange(KeyPath path, JsonProcessingException problem) {
        JsonNode found = nodeAt(path);
        if (found.isIntegralNumber()) {
            BigInteger limit = BigInteger.valueOf(found.isInt() || found.isLong() ? Integer.MAX_VALUE : Long.MAX_VALUE);
            return "expected a whole number of at most %d, found %s".formatted(limit, found.asText());
        }
        return problem.getOriginalMessage().lines().findFirst().orElse("cannot be read");
    }

    private static String nameOf(Class<?> target) {
        if (target == null) {
            return "another value";
        }
        if (target.isEnum()) {
            return "one of " + String.join(", ", namesOf(target));
        }
        if (target == Integer.class || target == Long.class || target == int.class || target == long.class) {
            return "a whole number";
        }
        if (target == Double.class || target == double.class) {
            return "a number";
        }
        if (target == Boolean.class || target == boolean.class) {
            return "true or false";
        }
        if (target == String.class || target == Path.class) {
            return "text";
        }
        if (List.class.isAssignableFrom(target)) {
            return "a list";
        }
        boolean keyed = target.isRecord() || target.isAnnotationPresent(JsonTypeInfo.class);
        return keyed || Map.class.isAssignableFrom(target) ? "a mapping" : "text";
    }

    private static List<String> namesOf(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private InputException at(String place, KeyPath path, String message, JsonProcessingException cause) {
        return new InputException(place + ": " + (path.isRoot() ? "" : path + ": ") + message, cause);
    }

    private JsonNode nodeAt(KeyPath path) {
        JsonNode node = root;
        for (String segment : path.segments()) {
            node = node.isArray() ? node.path(Integer.parseInt(segment)) : node.path(segment);
        }
        return node;
    }

    private static KeyPath pathOf(JsonMappingException problem) {
        KeyPath path = KeyPath.ROOT;
        for (JsonMappingException.Reference step : problem.getPath()) {
            String segment = step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName();
            path = path.child(segment);
        }
        return path;
    }
}
