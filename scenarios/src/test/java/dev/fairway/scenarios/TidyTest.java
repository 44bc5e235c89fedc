package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rules of the house that a machine can check, over every room.
class TidyTest {

    private static final int MAX_LINE = 120;
    private static final int MAX_FILE_LINES = 500;
    private static final int MAX_FUNCTION_LINES = 60;
    private static final long MAX_BLOB_BYTES = 200_000;

    /// Files that may be longer, each with its reason.
    private static final Map<String, String> LONG_FILES = Map.of();

    private static final Set<String> BANNED_WORDS =
            Set.of("Manager", "Helper", "Util", "Utils", "Impl", "Info", "Data", "Processor", "Context");
    /// The rooms that serve HTTP.
    private static final Set<String> HANDLER_ROOMS = Set.of("api", "app");

    /// Which rooms a room may require; `address` is open to all. Rooms that are absent may require every other.
    private static final Map<String, Set<String>> DIRECTION = Map.ofEntries(
            Map.entry("address", Set.of()),
            Map.entry("schema", Set.of()),
            Map.entry("store", Set.of()),
            Map.entry("kernel", Set.of()),
            Map.entry("table", Set.of()),
            Map.entry("resolve", Set.of("schema", "table")),
            Map.entry("api", Set.of("schema", "store")),
            Map.entry("client", Set.of("schema")),
            Map.entry("control", Set.of("schema")),
            Map.entry("dataplane", Set.of("table", "kernel")),
            Map.entry("dns", Set.of("table", "kernel")),
            Map.entry("balancer", Set.of("table", "kernel")),
            Map.entry("picture", Set.of("schema", "table")));

    private static final Pattern REQUIRES =
            Pattern.compile("requires\\s+(?:(?:static|transitive)\\s+)*dev\\.fairway\\.(\\w+);");

    private static final Repository REPOSITORY = Repository.find();
    private static final List<JavaSource> SOURCES = REPOSITORY.javaSources();

    @Test
    void linesFitThePage() {
        assertNone(SOURCES.stream()
                .flatMap(source -> numbered(source, source.isMain() ? source.lines() : withoutRows(source))
                        .filter(line -> line.text().length() > MAX_LINE)
                        .map(line -> line.at() + " has " + line.text().length() + " characters")));
    }

    /// A row of a table in a test must stay on one line to be a row, so text blocks count nothing there.
    private static List<String> withoutRows(JavaSource source) {
        return source.code().lines().map(String::stripTrailing).toList();
    }

    @Test
    void filesAreShort() {
        assertNone(SOURCES.stream()
                .filter(source -> source.lines().size() > MAX_FILE_LINES && !LONG_FILES.containsKey(source.path()))
                .map(source -> source.path() + " has " + source.lines().size() + " lines"));
    }

    @Test
    void functionsAreShort() {
        assertNone(SOURCES.stream()
                .flatMap(source -> source.functions().stream()
                        .filter(function -> function.length() > MAX_FUNCTION_LINES)
                        .map(function ->
                                source.path() + ":" + function.line() + " has " + function.length() + " lines")));
    }

    @Test
    void typesAreNamedForWhatTheyAre() {
        assertNone(SOURCES.stream()
                .flatMap(source -> source.typeNames().stream()
                        .filter(name -> Arrays.stream(name.split("(?=[A-Z])"))
                                .anyMatch(word -> BANNED_WORDS.contains(word)
                                        || word.equals("Handler") && !HANDLER_ROOMS.contains(source.room())))
                        .map(name -> source.path() + " names a type " + name)));
    }

    @Test
    void onlyTheProgramPrints() {
        assertNone(mentions(
                source -> source.isMain() && !source.room().equals("app"), Pattern.compile("System\\.(out|err)\\b")));
    }

    @Test
    void nothingIsLeftForLater() {
        Pattern marks = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
        assertNone(SOURCES.stream()
                .flatMap(source -> numbered(source)
                        .filter(line -> marks.matcher(line.text()).find())
                        .map(Line::at)));
    }

    @Test
    void onlyTheKernelRoomIsNative() {
        assertNone(mentions(source -> !source.room().equals("kernel"), Pattern.compile("java\\.lang\\.foreign")));
    }

    @Test
    void everyRoomSaysWhatItIs() {
        assertNone(modules().flatMap(module -> {
            String doc = String.join(
                    " ",
                    module.lines().stream()
                            .takeWhile(line -> line.startsWith("///"))
                            .map(line -> line.substring(3).strip())
                            .toList());
            return Stream.of(
                            "\\A[A-Z].*?\\. ",
                            "It may touch: .+?\\.( |$)",
                            "It never .+?\\.( |$)",
                            "Start at [A-Z].+\\.\\z")
                    .filter(sentence -> !Pattern.compile(sentence).matcher(doc).find())
                    .map(sentence -> module.path() + " lacks the sentence " + sentence);
        }));
    }

    @Test
    void roomsNameTypesThatExistAsTheirStart() {
        assertNone(modules()
                .filter(module -> SOURCES.stream()
                        .anyMatch(source ->
                                source.room().equals(module.room()) && source.isMain() && !source.equals(module)))
                .flatMap(module -> startTypes(module)
                        .filter(type -> SOURCES.stream()
                                .noneMatch(source -> source.room().equals(module.room())
                                        && source.path().endsWith("/" + type + ".java")))
                        .map(type -> module.path() + " starts at " + type + ", which does not exist")));
    }

    @Test
    void roomsKnowOnlyTheRoomsBelowThem() {
        assertNone(modules().flatMap(module -> {
            Matcher matcher = REQUIRES.matcher(module.code());
            return matcher.results()
                    .map(match -> match.group(1))
                    .filter(room -> !room.equals("address") || module.room().equals("address"))
                    .filter(room -> DIRECTION.containsKey(module.room())
                            && !DIRECTION.get(module.room()).contains(room))
                    .map(room -> module.path() + " requires " + room);
        }));
    }

    @Test
    void gitHoldsNoLargeFiles() {
        assertNone(REPOSITORY
                .git("ls-tree", "-r", "--long", "HEAD")
                .lines()
                .map(line -> line.split("\\s+", 5))
                .filter(part -> Long.parseLong(part[3]) > MAX_BLOB_BYTES)
                .map(part -> part[4] + " has " + part[3] + " bytes"));
    }

    private record Line(String path, int number, String text) {
        String at() {
            return path + ":" + number;
        }
    }

    private static Stream<Line> numbered(JavaSource source) {
        return numbered(source, source.lines());
    }

    private static Stream<Line> numbered(JavaSource source, List<String> lines) {
        return IntStream.range(0, lines.size()).mapToObj(i -> new Line(source.path(), i + 1, lines.get(i)));
    }

    private static Stream<String> mentions(Predicate<JavaSource> where, Pattern what) {
        return SOURCES.stream()
                .filter(where)
                .flatMap(source -> numbered(source, source.code().lines().toList())
                        .filter(line -> what.matcher(line.text()).find())
                        .map(Line::at));
    }

    private static Stream<JavaSource> modules() {
        return SOURCES.stream().filter(source -> source.path().endsWith("/src/main/java/module-info.java"));
    }

    private static Stream<String> startTypes(JavaSource module) {
        return module.lines().stream()
                .filter(line -> line.startsWith("/// Start at "))
                .flatMap(line -> Pattern.compile("\\b[A-Z]\\w+")
                        .matcher(line.substring("/// Start at ".length()))
                        .results())
                .map(match -> match.group());
    }

    private static void assertNone(Stream<String> findings) {
        assertThat(findings.toList()).isEmpty();
    }
}
