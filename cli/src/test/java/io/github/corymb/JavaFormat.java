package io.github.corymb;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The format of every Java file: palantir-java-format, imports sorted and unused ones gone, comments as written.
final class JavaFormat {

    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build());

    private static final Pattern LINE_COMMENT = Pattern.compile("(?m)(?<=^ {0,120})(//.*)$");
    private static final Pattern NUMBERED = Pattern.compile("(?m)(?<=^ {0,120})// comment (\\d+)$");

    private JavaFormat() {}

    /// `source` formatted; [IllegalArgumentException] where it is not Java.
    ///
    /// The formatter would wrap some comments that need no wrapping, so it is shown numbers in their place.
    static String format(Path file, String source) {
        List<String> comments = new ArrayList<>();
        String numbered = LINE_COMMENT.matcher(source).replaceAll(comment -> {
            comments.add(comment.group(1));
            return "// comment " + (comments.size() - 1);
        });
        try {
            String formatted = FORMATTER.formatSourceAndFixImports(numbered);
            return NUMBERED.matcher(formatted)
                    .replaceAll(number -> Matcher.quoteReplacement(comments.get(Integer.parseInt(number.group(1)))));
        } catch (FormatterException notJava) {
            throw new IllegalArgumentException(file + ": " + notJava.getMessage(), notJava);
        }
    }

    static boolean isFormatted(Path file) {
        String source = RepositoryFiles.text(file);
        return format(file, source).equals(source);
    }

    /// Rewrites the file where its format differs, and says whether it did.
    static boolean rewrite(Path file) throws IOException {
        String source = Files.readString(file);
        String formatted = format(file, source);
        if (!formatted.equals(source)) {
            Files.writeString(file, formatted);
        }
        return !formatted.equals(source);
    }

    /// Rewrites the Java files and folders named, or every one of the repository.
    public static void main(String[] names) throws IOException {
        List<Path> roots = names.length == 0
                ? List.of(RepositoryFiles.ROOT)
                : Stream.of(names).map(Path::of).toList();
        for (Path root : roots) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    if (rewrite(file)) {
                        System.out.println("formatted " + file);
                    }
                }
            }
        }
    }
}
