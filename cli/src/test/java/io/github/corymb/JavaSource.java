package io.github.corymb;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// What the compiler's parser finds in one Java file.
///
/// @param types the top-level types, in order
/// @param methods methods and constructors at any depth
record JavaSource(Path file, List<Type> types, List<Method> methods) {

    /// @param doc the doc comment, empty where there is none
    /// @param contracts the names of the interfaces it says it implements
    record Type(String name, String doc, boolean publicClass, List<String> contracts) {}

    /// @param line of its first word, from 1
    /// @param lineCount from that line to its closing brace
    record Method(String name, long line, long lineCount) {}

    /// Parses without resolving a name, so nothing must be on the class path.
    static List<JavaSource> parse(List<Path> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            DocTrees trees = DocTrees.instance(task);
            List<JavaSource> sources = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                Scanner scanner = new Scanner(unit, trees);
                scanner.scan(unit, null);
                sources.add(new JavaSource(Path.of(unit.getSourceFile().toUri()), scanner.types, scanner.methods));
            }
            return sources;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static final class Scanner extends TreePathScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final DocTrees trees;
        private final List<Type> types = new ArrayList<>();
        private final List<Method> methods = new ArrayList<>();

        Scanner(CompilationUnitTree unit, DocTrees trees) {
            this.unit = unit;
            this.trees = trees;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (getCurrentPath().getParentPath().getLeaf() == unit) {
                String doc = trees.getDocComment(getCurrentPath());
                boolean publicClass = type.getKind() == Tree.Kind.CLASS
                        && type.getModifiers().getFlags().contains(Modifier.PUBLIC);
                List<String> contracts =
                        type.getImplementsClause().stream().map(Tree::toString).toList();
                types.add(new Type(type.getSimpleName().toString(), doc == null ? "" : doc, publicClass, contracts));
            }
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            SourcePositions positions = trees.getSourcePositions();
            long start = positions.getStartPosition(unit, method);
            long end = positions.getEndPosition(unit, method);
            if (end >= 0) { // A canonical constructor that the compiler adds has no end.
                long line = unit.getLineMap().getLineNumber(start);
                long lineCount = unit.getLineMap().getLineNumber(end) - line + 1;
                methods.add(new Method(method.getName().toString(), line, lineCount));
            }
            return super.visitMethod(method, null);
        }
    }
}
