package io.github.corymb;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The JSON Schema of experiment files, for editors, made from the records that files are bound to: what they require,
/// their defaults, the variants of a type by its name.
///
/// It accepts nothing that the reader refuses for its shape; ranges are left to the records.
public final class ExperimentSchema {

    /// Components whose default is not the same everywhere.
    private static final Set<String> LOCAL = Set.of("folder", "threads");

    private static final JsonMapper MAPPER = SpecMapper.create();

    private ExperimentSchema() {}

    /// The schema as JSON text, the same for the same records.
    public static String write() {
        SchemaGeneratorConfigBuilder builder = new SchemaGeneratorConfigBuilder(
                        MAPPER, SchemaVersion.DRAFT_7, OptionPreset.PLAIN_JSON)
                .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT, Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES);
        builder.forFields()
                .withPropertyNameOverrideResolver(field -> SpecMapper.keyOf(field.getName()))
                .withRequiredCheck(ExperimentSchema::isRequired)
                .withDefaultResolver(ExperimentSchema::defaultOf);
        builder.forTypesInGeneral()
                .withCustomDefinitionProvider(ExperimentSchema::define)
                .withDefinitionNamingStrategy((key, _) -> nameOf(key.getType().getErasedType()))
                .withPropertySorter((_, _) -> 0);
        JsonNode schema = new SchemaGenerator(builder.build()).generateSchema(Experiment.class);
        return schema.toPrettyString() + "\n";
    }

    private static boolean isRequired(FieldScope field) {
        Class<?> owner = field.getDeclaringType().getErasedType();
        return owner.isRecord() && SpecProbe.of(owner).required().contains(field.getName());
    }

    private static Object defaultOf(FieldScope field) {
        Class<?> owner = field.getDeclaringType().getErasedType();
        if (!owner.isRecord()
                || field.isFakeContainerItemScope()
                || isRequired(field)
                || LOCAL.contains(field.getName())) {
            return null;
        }
        JsonNode sample = MAPPER.valueToTree(SpecProbe.of(owner).sample());
        JsonNode value = sample.path(SpecMapper.keyOf(field.getName()));
        return value.isValueNode() || value.isArray() ? value : null;
    }

    private static CustomDefinition define(ResolvedType type, SchemaGenerationContext context) {
        Class<?> erased = type.getErasedType();
        if (erased == Path.class) {
            return inline(MAPPER.createObjectNode().put("type", "string"));
        }
        List<Type> writtenAs = SpecMapper.writtenAs(erased);
        if (!writtenAs.isEmpty()) {
            ObjectNode definition = MAPPER.createObjectNode();
            ArrayNode alternatives = definition.putArray("anyOf");
            for (Type one : writtenAs) {
                alternatives.add(
                        context.createDefinition(context.getTypeContext().resolve(one)));
            }
            return inline(writtenAs.size() == 1 ? (ObjectNode) alternatives.get(0) : definition);
        }
        if (erased.isEnum()) {
            ObjectNode names = MAPPER.createObjectNode();
            ArrayNode values = names.putArray("enum");
            for (Object constant : erased.getEnumConstants()) {
                values.add(((Enum<?>) constant).name().toLowerCase(Locale.ROOT));
            }
            return inline(names);
        }
        return erased.isAnnotationPresent(JsonSubTypes.class) && erased.isInterface()
                ? new CustomDefinition(
                        variants(erased, context),
                        CustomDefinition.DefinitionType.STANDARD,
                        CustomDefinition.AttributeInclusion.NO)
                : null;
    }

    private static CustomDefinition inline(ObjectNode definition) {
        return new CustomDefinition(
                definition, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.NO);
    }

    /// One alternative a variant; its name stands first, as a constant.
    private static ObjectNode variants(Class<?> base, SchemaGenerationContext context) {
        String key = base.getAnnotation(JsonTypeInfo.class).property();
        ObjectNode definition = MAPPER.createObjectNode().put("type", "object");
        definition.putArray("required").add(key);
        ArrayNode alternatives = definition.putArray("oneOf");
        for (JsonSubTypes.Type variant : base.getAnnotation(JsonSubTypes.class).value()) {
            ResolvedType type = context.getTypeContext().resolve(variant.value());
            ObjectNode standard = context.createStandardDefinition(type, null);
            ObjectNode alternative =
                    MAPPER.createObjectNode().put("title", variant.name()).put("type", "object");
            ObjectNode properties = alternative.putObject("properties");
            properties.putObject(key).put("const", variant.name());
            if (standard.path("properties") instanceof ObjectNode own) {
                properties.setAll(own);
            }
            ArrayNode required = alternative.putArray("required").add(key);
            standard.path("required").forEach(required::add);
            alternatives.add(alternative.put("additionalProperties", false));
        }
        return definition;
    }

    private static String nameOf(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }
}
