package io.github.corymb;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The paths that a Markdown file names: relative links, and words in backticks that look like a file of this
/// repository. Fenced blocks are left out: they show what a user types, not what stands here.
final class MarkdownPaths {

    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern QUOTED_PATH = Pattern.compile("`([\\w.-]+(?:/[\\w.-]+)+/?)`");
    private static final Pattern SOURCE_ENDING = Pattern.compile(".*\\.(java|md|yaml|xml|py|sh|gz|csv)");
    private static final Set<String> WRITTEN_BY_RUNS = Set.of("runs", "target");

    private MarkdownPaths() {}

    /// The names in `text` that stand for nothing in the repository.
    static List<String> missing(Path file, String text, List<Path> repository) {
        List<String> missing = new ArrayList<>();
        String prose = FENCE.matcher(text).replaceAll("");
        for (Matcher link = LINK.matcher(prose); link.find(); ) {
            String target = link.group(1).replaceFirst("#.*", "");
            boolean elsewhere = target.isEmpty() || target.contains("://") || target.startsWith("mailto:");
            if (!elsewhere && !Files.exists(file.resolveSibling(target))) {
                missing.add(target);
            }
        }
        for (Matcher quoted = QUOTED_PATH.matcher(prose); quoted.find(); ) {
            String name = quoted.group(1);
            if (namesOurs(name) && !exists(file, name, repository)) {
                missing.add(name);
            }
        }
        return missing;
    }

    private static boolean namesOurs(String name) {
        List<String> parts = List.of(name.split("/"));
        boolean underRoot = Files.isDirectory(RepositoryFiles.ROOT.resolve(parts.getFirst()));
        boolean written = parts.stream().anyMatch(WRITTEN_BY_RUNS::contains);
        return !written && (underRoot || SOURCE_ENDING.matcher(name).matches());
    }

    private static boolean exists(Path file, String name, List<Path> repository) {
        return Files.exists(RepositoryFiles.ROOT.resolve(name))
                || Files.exists(file.resolveSibling(name))
                || repository.stream().anyMatch(path -> path.endsWith(name));
    }
}
