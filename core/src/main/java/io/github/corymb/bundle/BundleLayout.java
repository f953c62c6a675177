package io.github.corymb.bundle;

import java.io.File;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Where things lie in a bundle.
///
///     manifest.json        what the bundle is, and size and checksums of every other file
///     experiment.yaml      the resolved experiment
///     schema.json          the fitted features
///     dense.safetensors    the dense parameters by hierarchical name
///     tables/NAME.rows     one file an embedding table
///
/// and, in one that was exported for serving,
///
///     graph.onnx           the dense network
///     serving.json         what the graph takes and gives, and score fusions
///     examples.json        where there were rows to take: a few users and items to try it with
///     all-in-one.onnx      where it was asked for: the network with the tables inside, for engines that know no bundle
public final class BundleLayout {

    public static final String MANIFEST = "manifest.json";
    public static final String EXPERIMENT = "experiment.yaml";
    public static final String SCHEMA = "schema.json";
    public static final String DENSE = "dense.safetensors";
    public static final String TABLES = "tables";
    public static final String GRAPH = "graph.onnx";
    public static final String ALL_IN_ONE = "all-in-one.onnx";
    public static final String SERVING = "serving.json";
    public static final String EXAMPLES = "examples.json";

    /// Relative, with `/`, no segment that begins with a dot: nothing that could leave the folder.
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*");

    private BundleLayout() {}

    /// The path of `file` as a manifest lists it: relative to `folder`, with `/`.
    static String pathOf(Path folder, Path file) {
        return folder.relativize(file).toString().replace(File.separatorChar, '/');
    }

    /// Whether a manifest may list this path.
    static boolean mayHold(String path) {
        return !path.equals(MANIFEST) && PATH.matcher(path).matches();
    }
}
