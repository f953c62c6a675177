package io.github.corymb;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds out by trying which keys a record of the experiment file cannot do without, and what the others are by
/// default: it is given nothing at all, then a sample of each component that it asks for.
///
/// @param sample a record with nothing but what it needs
/// @param required the components that it needs, by name
record SpecProbe(Record sample, Set<String> required) {

    /// @throws IllegalStateException where the record cannot be made from samples
    static SpecProbe of(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Set<String> required = new LinkedHashSet<>();
        while (true) {
            String refusal;
            try {
                return new SpecProbe(create(type, components, values), required);
            } catch (IllegalArgumentException refused) {
                refusal = refused.getMessage();
            }
            int asked = indexOf(components, refusal);
            if (!required.add(components[asked].getName())) {
                throw new IllegalStateException(type.getName() + " refuses its sample: " + refusal);
            }
            values[asked] = sampleOf(components[asked].getGenericType(), components[asked].getName());
        }
    }

    private static Record create(Class<?> type, RecordComponent[] components, Object[] values) {
        Class<?>[] parameters =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return (Record) constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof IllegalArgumentException cause) {
                throw cause;
            }
            throw new IllegalStateException(type.getName(), refused.getCause());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(type.getName(), impossible);
        }
    }

    private static int indexOf(RecordComponent[] components, String refusal) {
        for (int i = 0; i < components.length; i++) {
            String key = SpecMapper.keyOf(components[i].getName());
            if (refusal.startsWith(key + ":") || refusal.startsWith(key + ".")) {
                return i;
            }
        }
        throw new IllegalStateException("begins with no key: " + refusal);
    }

    private static Object sampleOf(Type type, String name) {
        return switch (type) {
            case ParameterizedType map
            when map.getRawType() == Map.class -> Map.of(name, sampleOf(map.getActualTypeArguments()[1], name));
            case ParameterizedType list -> List.of(sampleOf(list.getActualTypeArguments()[0], name));
            case Class<?> text when text == String.class -> "sample";
            case Class<?> whole when whole == Integer.class -> 2;
            case Class<?> whole when whole == Long.class -> 1L;
            case Class<?> number when number == Double.class -> 0.5;
            case Class<?> record when record.isRecord() -> of(record).sample();
            case Class<?> variants
            when variants.isAnnotationPresent(JsonSubTypes.class) ->
                of(variants.getAnnotation(JsonSubTypes.class).value()[0].value())
                        .sample();
            default -> throw new IllegalStateException("no sample of " + type.getTypeName());
        };
    }
}
