package io.github.corymb.embedding;

/// The module `jdk.incubator.vector`, which a JVM has only when asked. Named in `--add-modules`, the JVM warns of it at
/// each start; loaded when first needed, which takes `--add-exports java.base/jdk.internal.module=ALL-UNNAMED`, it
/// does not. `-Dcorymb.vector=false` does without it: a JVM that records its classes for later starts cannot keep those
/// of a module loaded late.
final class VectorModule {

    private static final String NAME = "jdk.incubator.vector";

    static final boolean IS_THERE = !"false".equals(System.getProperty("corymb.vector"))
            && (ModuleLayer.boot().findModule(NAME).isPresent() || load());

    private VectorModule() {}

    private static boolean load() {
        try {
            Class<?> modules = Class.forName("jdk.internal.module.Modules");
            modules.getMethod("loadModule", String.class).invoke(null, NAME);
            return true;
        } catch (ReflectiveOperationException _) {
            return false; // not exported to us, or not part of this Java
        }
    }
}
