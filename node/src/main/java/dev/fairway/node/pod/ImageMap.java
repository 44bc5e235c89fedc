package dev.fairway.node.pod;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an image name stands for on a node that pulls nothing: one of the built-in images, directly or by the
/// configured map. A name is looked up as it is written, then without its tag, then as `*`.
public record ImageMap(SortedMap<String, String> entries) {

    public static final ImageMap EMPTY = new ImageMap(new TreeMap<>());

    private static final String ECHO = "fairway.dev/echo";
    private static final String HOST = "fairway.dev/host";

    /// What runs when a container of the image starts.
    public enum Image {
        /// A server inside this program that answers with who it is.
        ECHO,
        /// The container's own command on the host's file system.
        HOST
    }

    public ImageMap {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    public static ImageMap of(Map<String, String> entries) {
        return new ImageMap(new TreeMap<>(entries));
    }

    /// Empty when nothing says what the image is.
    public Optional<Image> find(String image) {
        String bare = withoutTag(image);
        return builtIn(bare)
                .or(() -> mapped(image))
                .or(() -> mapped(bare))
                .or(() -> mapped(shortName(bare)))
                .or(() -> mapped("*"));
    }

    /// Why an image is refused and how to make it known.
    public static String refusal(String image) {
        String name = shortName(withoutTag(image));
        return "image \"" + image + "\" is not known on this node: images are not pulled; map it in the cluster"
                + " configuration, for example \"images: {" + name + ": " + ECHO + "}\", or use \"" + HOST + "\"";
    }

    private Optional<Image> mapped(String name) {
        return Optional.ofNullable(entries.get(name)).flatMap(target -> builtIn(withoutTag(target)));
    }

    private static Optional<Image> builtIn(String name) {
        return switch (name) {
            case ECHO -> Optional.of(Image.ECHO);
            case HOST -> Optional.of(Image.HOST);
            default -> Optional.empty();
        };
    }

    private static String withoutTag(String image) {
        String name = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }

    private static String shortName(String name) {
        return name.replaceFirst("^docker\\.io/(library/)?", "");
    }
}
