package io.github.corymb;

import static java.util.function.Predicate.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// The habits of this repository. Each test lists what breaks one of them as `file:line: what`.
/// `-Dtidy.fix=true` rewrites the Java files that are not formatted.
class TidyTest {

    private static final int FILE_LINES_MAXIMUM = 400;
    private static final int METHOD_LINES_MAXIMUM = 60;
    private static final int LINE_COLUMNS_MAXIMUM = 120;

    private static final Pattern SOURCE = Pattern.compile(".*\\.(java|py|sh|js|css|html)|.*/(corymb|run)");
    private static final Pattern TEXT = Pattern.compile(SOURCE + "|.*\\.(md|yaml|xml|json|properties|config)");
    private static final Pattern TEXT_BLOCK = Pattern.compile("(?s)\"{3}\\n.*?\"{3}");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.~/])/(ho" + "me|ro" + "ot|Us" + "ers)/\\w");
    private static final Pattern YEAR = Pattern.compile("\\b(19|20)\\d\\d\\b");
    private static final Pattern VENUE =
            Pattern.compile("arXiv|Machine Learning|[A-Z][A-Za-z]*[A-Z]\\w* (19|20)\\d\\d");

    private static final List<Path> FILES = RepositoryFiles.all();
    private static final List<Path> JAVA = RepositoryFiles.ending(".java");

    @Test
    void everyJavaFileIsFormatted() throws IOException {
        if (Boolean.getBoolean("tidy.fix")) {
            for (Path file : JAVA) {
                JavaFormat.rewrite(file);
            }
        }
        nothingIn(JAVA.stream().filter(not(JavaFormat::isFormatted)).map(file -> place(file) + ": not formatted"));
    }

    @Test
    void aFileIsShort() {
        nothingIn(matching(SOURCE).flatMap(file -> {
            long lineCount = RepositoryFiles.text(file).lines().count();
            return lineCount > FILE_LINES_MAXIMUM ? Stream.of(place(file) + ": " + lineCount + " lines") : null;
        }));
    }

    @Test
    void aMethodFitsOneScreen() {
        nothingIn(JavaSource.parse(JAVA).stream()
                .flatMap(source -> source.methods().stream()
                        .filter(method -> method.lineCount() > METHOD_LINES_MAXIMUM)
                        .map(method -> RepositoryFiles.place(source.file(), method.line()) + ": " + method.name()
                                + " has " + method.lineCount() + " lines")));
    }

    @Test
    void aLineIsNarrowExceptInATextBlock() {
        nothingIn(matching(SOURCE).flatMap(file -> {
            String text = TEXT_BLOCK.matcher(RepositoryFiles.text(file)).replaceAll(TidyTest::lineEndsOf);
            return lines(file, text, line -> line.codePointCount(0, line.length()) > LINE_COLUMNS_MAXIMUM);
        }));
    }

    @Test
    void nothingIsLeftForLater() {
        nothingIn(lines(TEXT, UNFINISHED.asPredicate()));
    }

    @Test
    void noFileNamesAFolderOfOneMachine() {
        nothingIn(lines(TEXT, MACHINE_PATH.asPredicate()));
    }

    @Test
    void pathsInMarkdownExist() {
        nothingIn(RepositoryFiles.ending(".md").stream()
                .flatMap(file -> MarkdownPaths.missing(file, RepositoryFiles.text(file), FILES).stream()
                        .map(name -> place(file) + ": " + name + " does not exist")));
    }

    @Test
    void everyModelAndBalancerCitesItsPaperAndHasATest() {
        Set<String> testNames = JAVA.stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        List<String> complaints = new ArrayList<>();
        for (JavaSource source : JavaSource.parse(architectures())) {
            for (JavaSource.Type type : source.types()) {
                if (type.publicClass() && !type.contracts().isEmpty()) {
                    String doc = type.doc().replaceAll("\\s+", " ");
                    boolean cited =
                            YEAR.matcher(doc).find() && VENUE.matcher(doc).find();
                    if (!cited) {
                        complaints.add(place(source.file()) + ": cites no paper with year and venue");
                    }
                    if (!testNames.contains(type.name() + "Test")) {
                        complaints.add(place(source.file()) + ": has no " + type.name() + "Test");
                    }
                }
            }
        }
        nothingIn(complaints.stream());
    }

    @Test
    void everyExampleSaysWhatItIsAndUnderWhichTermsItsDataStand() throws IOException {
        Path examples = RepositoryFiles.ROOT.resolve("examples");
        try (Stream<Path> folders = Files.list(examples)) {
            nothingIn(folders.filter(Files::isDirectory)
                    .flatMap(folder -> Stream.of(folder.resolve("README.md"), folder.resolve("data/TERMS.md")))
                    .filter(file ->
                            Files.isDirectory(file.resolveSibling("").normalize()) && !Files.isRegularFile(file))
                    .map(file -> place(file) + ": missing"));
        }
    }

    @Test
    void versionsStandInTheParentPomAlone() throws Exception {
        List<String> complaints = new ArrayList<>();
        for (Path pom : RepositoryFiles.ending("pom.xml")) {
            if (!pom.getParent().equals(RepositoryFiles.ROOT)) {
                NodeList versions = DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(pom.toFile())
                        .getElementsByTagName("version");
                for (int i = 0; i < versions.getLength(); i++) {
                    Element owner = (Element) versions.item(i).getParentNode();
                    if (!owner.getTagName().equals("parent")) {
                        complaints.add(place(pom) + ": a version in a " + owner.getTagName());
                    }
                }
            }
        }
        nothingIn(complaints.stream());
    }

    private static List<Path> architectures() {
        return JAVA.stream()
                .filter(file -> file.toString().contains("src/main"))
                .filter(file -> file.getParent().endsWith("corymb/model")
                        || file.getParent().endsWith("corymb/balance"))
                .toList();
    }

    private static Stream<Path> matching(Pattern name) {
        return FILES.stream().filter(file -> name.matcher(file.toString()).matches());
    }

    private static Stream<String> lines(Pattern name, Predicate<String> breaksAHabit) {
        return matching(name).flatMap(file -> lines(file, RepositoryFiles.text(file), breaksAHabit));
    }

    private static Stream<String> lines(Path file, String text, Predicate<String> breaksAHabit) {
        List<String> lines = text.lines().toList();
        return IntStream.range(0, lines.size())
                .filter(i -> breaksAHabit.test(lines.get(i)))
                .mapToObj(i ->
                        RepositoryFiles.place(file, i + 1) + ": " + lines.get(i).strip());
    }

    private static String lineEndsOf(MatchResult block) {
        return "\n".repeat((int) block.group().lines().count() - 1);
    }

    private static String place(Path file) {
        return RepositoryFiles.place(file, 0);
    }

    private static void nothingIn(Stream<String> complaints) {
        List<String> found = complaints.toList();
        assertEquals(List.of(), found, () -> String.join("\n", found));
    }
}
