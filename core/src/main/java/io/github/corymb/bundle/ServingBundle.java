package io.github.corymb.bundle;

import io.github.corymb.embedding.DirectFloats;
import io.github.corymb.feature.FeatureSchema;
import io.github.corymb.feature.FittedTask;
import io.github.corymb.feature.InputException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A bundle that was exported for serving, open: the graph's file for an ONNX engine, and the two sides of its input.
/// It needs neither the trainer nor its libraries.
///
/// Any number of threads may use it at once. Whoever opened it closes it, after the last use has ended.
public final class ServingBundle implements AutoCloseable {

    private final BundleReader bundle;
    private final BundleSchema schema;
    private final ServingSpec serving;
    private final Optional<Examples> examples;
    private final InputSide request;
    private final InputSide items;
    private final DirectFloats memory = new DirectFloats();

    /// Opens a bundle, maps its tables, and verifies as much as is said.
    ///
    /// @throws InputException naming the bundle, the file and the fault
    public static ServingBundle open(Path folder, BundleReader.Verification verification) {
        BundleReader bundle = BundleReader.open(folder, verification);
        if (!bundle.manifest().files().containsKey(BundleLayout.GRAPH)) {
            throw new InputException(
                    "bundle %s: no %s in it; export writes one that has".formatted(folder, BundleLayout.GRAPH));
        }
        return new ServingBundle(bundle);
    }

    private ServingBundle(BundleReader bundle) {
        this.bundle = bundle;
        schema = BundleJson.readSchema(bundle);
        serving = BundleJson.readServing(bundle);
        examples = BundleJson.readExamples(bundle);
        try {
            request = InputSide.open(schema.features(), serving.graph(), false, bundle.tables());
            items = openItems();
        } catch (IOException problem) {
            throw new InputException(
                    "bundle %s: cannot be read: %s".formatted(bundle.folder(), problem.getMessage()), problem);
        }
    }

    private InputSide openItems() throws IOException {
        try {
            return InputSide.open(schema.features(), serving.graph(), true, bundle.tables());
        } catch (IOException | RuntimeException fault) {
            request.close();
            throw fault;
        }
    }

    public Manifest manifest() {
        return bundle.manifest();
    }

    public FeatureSchema schema() {
        return schema.features();
    }

    /// In the order of the graph's outputs.
    public List<FittedTask> tasks() {
        return schema.tasks();
    }

    /// The graph's file.
    public Path graph() {
        return bundle.file(BundleLayout.GRAPH);
    }

    /// What the graph takes and gives.
    public GraphSignature signature() {
        return serving.graph();
    }

    /// Score fusions by name.
    public Map<String, Fusion> fusions() {
        return serving.fusions();
    }

    /// Rows to try it with, where it was exported with some.
    public Optional<Examples> examples() {
        return examples;
    }

    /// The features of the user and the context, of which a request has one row for all items.
    public InputSide request() {
        return request;
    }

    /// The features of the items.
    public InputSide items() {
        return items;
    }

    /// Lookups so far of keys that no table has a row for.
    public long unknownCount() {
        return request.unknownCount() + items.unknownCount();
    }

    /// Zeros outside the heap, in native byte order, for what the graph reads and writes beside the inputs of both
    /// sides; they are released when the bundle is closed.
    public FloatBuffer zeros(int count) {
        return memory.zeros(count);
    }

    @Override
    public void close() {
        request.close();
        items.close();
        memory.close();
    }
}
