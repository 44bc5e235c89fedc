package dev.fairway.node.pod;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What an image name stands for on a node that pulls nothing: a built-in image, or files of this machine. A name is
/// looked up as it is written, then without its tag, then by patterns in which `*` is any text, the longest first.
public record ImageMap(SortedMap<String, Image> entries) {

    public static final ImageMap EMPTY = new ImageMap(new TreeMap<>());

    private static final String ECHO = "fairway.dev/echo";
    private static final String PAUSE = "fairway.dev/pause";
    private static final String HOST = "fairway.dev/host";

    /// The names of the images that need no entry.
    public static final List<String> BUILT_IN = List.of(ECHO, PAUSE, HOST);

    private static final String UPSTREAM_PAUSE = "registry.k8s.io/pause";
    private static final Path MACHINE = Path.of("/");

    /// What runs when a container of the image starts.
    public sealed interface Image {

        Image ECHO = new Echo();
        Image PAUSE = new Pause();

        /// The container's own command on the machine's files.
        Files HOST = new Files(MACHINE, Optional.empty(), List.of(), List.of(), new TreeMap<>(), "", "");

        /// A server inside this program that answers with who it is.
        record Echo() implements Image {}

        /// Nothing at all, inside this program.
        record Pause() implements Image {}

        /// A process on files of this machine.
        ///
        /// @param root `/`, or the folder of an unpacked image
        /// @param program a file of this machine that shows in the container as `/NAME`
        /// @param entryPoint what runs unless the manifest has a `command`
        /// @param arguments given to the entry point unless the manifest has `args`
        /// @param environment set unless the manifest sets it
        /// @param workingDirectory used unless the manifest has one; empty for `/`
        /// @param user `UID[:GID]` unless the manifest says `runAsUser`; empty for root
        record Files(
                Path root,
                Optional<Path> program,
                List<String> entryPoint,
                List<String> arguments,
                SortedMap<String, String> environment,
                String workingDirectory,
                String user)
                implements Image {
            public Files {
                entryPoint = List.copyOf(entryPoint);
                arguments = List.copyOf(arguments);
                environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
            }

            /// The entry point is a program of this machine; it shows in the container as `/NAME`.
            public static Files ofProgram(Path program) {
                return new Files(
                        MACHINE, Optional.of(program), entryPointOf(program), List.of(), new TreeMap<>(), "", "");
            }

            public static List<String> entryPointOf(Path program) {
                return List.of("/" + program.getFileName());
            }

            public static Files ofRoot(Path root) {
                return new Files(root, Optional.empty(), List.of(), List.of(), new TreeMap<>(), "", "");
            }
        }
    }

    public ImageMap {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    /// @param names image name or pattern to the name of a built-in image
    /// @throws IllegalArgumentException for another name
    public static ImageMap of(Map<String, String> names) {
        SortedMap<String, Image> entries = new TreeMap<>();
        names.forEach((name, target) -> entries.put(
                name, builtIn(target).orElseThrow(() -> new IllegalArgumentException("no built-in image " + target))));
        return new ImageMap(entries);
    }

    /// The images that need no entry: `fairway.dev/echo`, `fairway.dev/pause`, `fairway.dev/host`, with any tag.
    public static Optional<Image> builtIn(String name) {
        return switch (withoutTag(name)) {
            case ECHO -> Optional.of(Image.ECHO);
            case PAUSE -> Optional.of(Image.PAUSE);
            case HOST -> Optional.of(Image.HOST);
            default -> Optional.empty();
        };
    }

    /// Empty when nothing says what the image is.
    public Optional<Image> find(String image) {
        String bare = withoutTag(image);
        return builtIn(bare)
                .or(() -> mapped(image))
                .or(() -> mapped(bare))
                .or(() -> mapped(shortName(image)))
                .or(() -> mapped(shortName(bare)))
                .or(() -> byPattern(image))
                .or(() -> bare.equals(UPSTREAM_PAUSE) ? Optional.of(Image.PAUSE) : Optional.empty());
    }

    /// Why an image is refused and how to make it known.
    public static String refusal(String image) {
        String name = shortName(withoutTag(image));
        return "image \"" + image + "\" is not known on this node: images are not pulled; map it in the cluster"
                + " configuration, for example \"images: {" + name + ": " + ECHO + "}\" or \"images: {" + name
                + ": /path/to/program}\", or use \"" + HOST + "\"";
    }

    private Optional<Image> mapped(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    private Optional<Image> byPattern(String image) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().contains("*") && matches(entry.getKey(), image))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue);
    }

    private static boolean matches(String pattern, String image) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
        return image.matches(regex)
                || withoutTag(image).matches(regex)
                || shortName(image).matches(regex);
    }

    private static String withoutTag(String image) {
        String name = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }

    /// The last part of an image's name, which is what its program is called in most images.
    static String baseName(String image) {
        String name = withoutTag(image);
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static String shortName(String name) {
        return name.replaceFirst("^docker\\.io/(library/)?", "");
    }
}
