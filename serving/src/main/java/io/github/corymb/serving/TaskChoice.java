package io.github.corymb.serving;

import io.github.corymb.bundle.Fusion;
import io.github.corymb.bundle.GraphSignature;
import io.github.corymb.bundle.ServingBundle;
import io.github.corymb.feature.InputException;
import io.github.corymb.feature.NearestName;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Which tasks and which fusion a question means, by the names of a bundle.
final class TaskChoice {

    /// The fusion that counts where a question names none.
    static final String DEFAULT_FUSION = "default";
    /// What an answer calls a fusion that the question defines.
    static final String FUSION_OF_REQUEST = "request";

    /// @param name as an answer tells it
    record NamedFusion(String name, Fusion fusion) {}

    private final List<GraphSignature.Output> outputs;
    private final List<String> names;
    private final int[] all; // tasks
    private final Map<String, Fusion> fusions;
    private final NamedFusion usual; // null where no task has a single output

    TaskChoice(ServingBundle bundle) {
        outputs = bundle.signature().outputs();
        names = outputs.stream().map(GraphSignature.Output::name).toList();
        all = IntStream.range(0, names.size()).toArray();
        fusions = bundle.fusions();
        usual = usual();
    }

    String name(int k) {
        return names.get(k);
    }

    int width(int k) {
        return outputs.get(k).width();
    }

    /// @throws InputException where there is none
    int index(String task) {
        int k = names.indexOf(task);
        if (k < 0) {
            throw new InputException(
                    "tasks: expected one of %s, found '%s'%s".formatted(names, task, NearestName.hint(task, names)));
        }
        return k;
    }

    /// Not to be written to.
    int[] tasks(RankQuestion question) {
        return question.tasks().isEmpty()
                ? all
                : question.tasks().stream().mapToInt(this::index).distinct().toArray();
    }

    /// Null where nothing can be fused.
    NamedFusion fusion(RankQuestion question) {
        if (question.fusion() != null) {
            question.fusion().weights().keySet().forEach(this::requireSingle);
            return new NamedFusion(FUSION_OF_REQUEST, question.fusion());
        }
        if (question.fusionName() == null) {
            return usual;
        }
        Fusion named = fusions.get(question.fusionName());
        if (named == null) {
            throw new InputException("fusion: expected one of %s, found '%s'%s"
                    .formatted(
                            fusions.keySet(),
                            question.fusionName(),
                            NearestName.hint(question.fusionName(), fusions.keySet())));
        }
        return new NamedFusion(question.fusionName(), named);
    }

    /// The tasks that are asked for, and those that only the fusion needs.
    int[] withFused(int[] tasks, NamedFusion fusion) {
        if (fusion == null || tasks.length == all.length) {
            return tasks;
        }
        IntStream fused = fusion.fusion().weights().keySet().stream().mapToInt(this::index);
        return IntStream.concat(IntStream.of(tasks), fused).distinct().toArray();
    }

    private void requireSingle(String task) {
        if (width(index(task)) != 1) {
            throw new InputException("fusion: expected a task of one output, found '%s' of %d classes"
                    .formatted(task, width(index(task))));
        }
    }

    private NamedFusion usual() {
        if (fusions.containsKey(DEFAULT_FUSION)) {
            return new NamedFusion(DEFAULT_FUSION, fusions.get(DEFAULT_FUSION));
        }
        if (fusions.size() == 1) {
            Map.Entry<String, Fusion> only = fusions.entrySet().iterator().next();
            return new NamedFusion(only.getKey(), only.getValue());
        }
        return outputs.stream()
                .filter(output -> output.width() == 1)
                .findFirst()
                .map(output -> new NamedFusion(output.name(), new Fusion.WeightedSum(Map.of(output.name(), 1.0))))
                .orElse(null);
    }
}
