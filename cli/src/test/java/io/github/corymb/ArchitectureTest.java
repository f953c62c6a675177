package io.github.corymb;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Which package may know which, and where a library may be named.
@AnalyzeClasses(packages = "io.github.corymb", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.github.corymb";

    /// package → the packages of ours that it may know
    private static final Map<String, Set<String>> KNOWN = Map.ofEntries(
            Map.entry("feature", Set.of()),
            Map.entry("metric", Set.of()),
            Map.entry("tensor", Set.of()),
            Map.entry("embedding", Set.of("feature")),
            Map.entry("bundle", Set.of("feature", "embedding")),
            Map.entry("data", Set.of("feature")),
            Map.entry("network", Set.of("tensor")),
            Map.entry("balance", Set.of("tensor")),
            Map.entry("model", Set.of("tensor", "network", "feature")),
            Map.entry("loss", Set.of("tensor", "feature")),
            Map.entry("serving", Set.of("feature", "bundle")),
            Map.entry("export", Set.of("model", "tensor", "bundle", "feature")));

    /// library → the packages of ours that may name it, with the packages below them
    private static final Map<String, Set<String>> LIBRARIES = Map.ofEntries(
            Map.entry("org.bytedeco..", Set.of("tensor.torch")),
            Map.entry("java.lang.foreign..", Set.of("embedding", "data", "tensor")),
            Map.entry("jdk.incubator.vector..", Set.of("embedding")),
            Map.entry("org.duckdb..", Set.of("data")),
            Map.entry("java.sql..", Set.of("data")),
            Map.entry("ai.onnxruntime..", Set.of("export", "serving")),
            Map.entry("ai.onnx.proto..", Set.of("export")),
            Map.entry("org.tribuo..", Set.of()),
            Map.entry("com.google.protobuf..", Set.of("export", "serving.server", "serving.rpc")),
            Map.entry("io.grpc..", Set.of("serving.server", "serving.rpc")),
            Map.entry("org.yaml..", Set.of("", "train")),
            Map.entry("com.fasterxml.jackson.dataformat.yaml..", Set.of("", "train")),
            Map.entry("com.github.victools..", Set.of("", "train")),
            Map.entry("com.linecorp.armeria..", Set.of("serving.server")),
            Map.entry("io.netty..", Set.of()),
            Map.entry("io.micrometer..", Set.of("serving.server")),
            Map.entry("org.HdrHistogram..", Set.of("serving.server")),
            Map.entry("picocli..", Set.of("cli")),
            Map.entry("me.tongfei.progressbar..", Set.of("cli")),
            Map.entry("ch.qos.logback..", Set.of("cli")));

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule LIBTORCH_IS_BEHIND_THE_TENSOR = noClasses()
            .that(resideOutsideOfPackages(below("tensor"), ROOT, below("train"), below("cli")))
            .should()
            .dependOnClassesThat(resideInAnyPackage(below("tensor.torch")))
            .because("models are written once against Tensor");

    @ArchTest
    static final ArchRule CORE_NEVER_SEES_TRAINING = noClasses()
            .that(resideInAnyPackage(below("feature"), below("embedding"), below("metric"), below("bundle")))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            ROOT, below("data"), below("network"), below("model"), below("loss"), below("tensor"))
                    .or(resideInAnyPackage(below("balance"), below("train"), below("export"), below("cli"))))
            .because("services embed core");

    @ArchTest
    static final ArchRule THE_LIBRARY_NEEDS_NO_SERVER = noClasses()
            .that(resideInAPackage(ROOT + ".serving"))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    below("serving.server"),
                    below("serving.rpc"),
                    "io.grpc..",
                    "com.google.protobuf..",
                    "com.linecorp.armeria..",
                    "io.netty..",
                    "io.micrometer..",
                    "io.prometheus.."))
            .because("services embed the ranker without a server")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule NOTHING_BELOW_KNOWS_THE_COMMAND = noClasses()
            .that(resideOutsideOfPackages(below("cli")))
            .should()
            .dependOnClassesThat(resideInAnyPackage(below("cli")));

    @ArchTest
    static void a_package_knows_only_what_it_may(JavaClasses classes) {
        KNOWN.forEach((name, known) -> {
            String[] allowed = Stream.concat(Stream.of(name), known.stream())
                    .map(ArchitectureTest::below)
                    .toArray(String[]::new);
            noClasses()
                    .that(resideInAnyPackage(below(name)))
                    .should()
                    .dependOnClassesThat(ours().and(resideOutsideOfPackages(allowed)))
                    .because(name + " may know " + known)
                    .allowEmptyShould(true)
                    .check(classes);
        });
    }

    @ArchTest
    static void a_library_is_named_only_where_it_may_be(JavaClasses classes) {
        LIBRARIES.forEach((library, users) -> {
            String[] allowed = users.stream()
                    .map(user -> user.isEmpty() ? ROOT : below(user))
                    .toArray(String[]::new);
            noClasses()
                    .that(resideOutsideOfPackages(allowed))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(library))
                    .because(library + " may be named in " + users)
                    .allowEmptyShould(true)
                    .check(classes);
        });
    }

    private static DescribedPredicate<JavaClass> ours() {
        return resideInAnyPackage(ROOT + "..");
    }

    private static String below(String name) {
        return ROOT + "." + name + "..";
    }
}
