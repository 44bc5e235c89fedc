package dev.fairway.app.config;

import dev.fairway.node.pod.ImageMap;
import dev.fairway.node.pod.ImageMap.Image;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads what image names stand for. The short form is a text: a built-in image, a program of this machine or the
/// folder of an unpacked image. The long form is a section:
///
/// ```yaml
/// images:
///   agnhost: {program: /usr/local/bin/agnhost, arguments: [pause]}
///   tools: {root: /srv/tools, entryPoint: [/bin/serve], environment: {LANG: C}, workingDirectory: /srv, user:
/// "1000:1000"}
/// ```
final class ImageSettings {

    private static final String USER = "[0-9]{1,10}(:[0-9]{1,10})?";

    private final Fields images;

    private ImageSettings(Fields images) {
        this.images = images;
    }

    /// @throws ConfigException for a path where nothing is, or a name that is not built in
    static ImageMap read(Fields images) {
        ImageSettings settings = new ImageSettings(images);
        SortedMap<String, Image> entries = new TreeMap<>();
        images.names().forEach(name -> entries.put(name, settings.image(name)));
        return new ImageMap(entries);
    }

    private Image image(String name) {
        if (images.isSection(name)) {
            return files(images.section(name));
        }
        String target = images.required(name);
        if (!target.startsWith("/")) {
            return ImageMap.builtIn(target)
                    .orElseThrow(() -> images.refused(
                            name,
                            "\"" + target + "\" is neither a built-in image (" + String.join(", ", ImageMap.BUILT_IN)
                                    + ") nor a path that begins with /"));
        }
        Path path = Path.of(target);
        return Files.isDirectory(path) ? Image.Files.ofRoot(path) : Image.Files.ofProgram(existing(images, name, path));
    }

    private static Image files(Fields fields) {
        String root = fields.text("root", "/");
        String program = fields.text("program", "");
        String user = fields.text("user", "");
        if (!user.isEmpty() && !user.matches(USER)) {
            throw fields.refused("user", "expected a number such as 1000 or 1000:1000 in quotes, got \"" + user + "\"");
        }
        if (!Files.isDirectory(Path.of(root))) {
            throw fields.refused("root", root + " is not a folder of this machine");
        }
        List<String> entryPoint = fields.texts("entryPoint");
        Optional<Path> shown =
                program.isEmpty() ? Optional.empty() : Optional.of(existing(fields, "program", Path.of(program)));
        return new Image.Files(
                Path.of(root),
                shown,
                entryPoint.isEmpty() ? shown.map(Image.Files::entryPointOf).orElse(List.of()) : entryPoint,
                fields.texts("arguments"),
                fields.textMap("environment"),
                fields.text("workingDirectory", ""),
                user);
    }

    private static Path existing(Fields fields, String field, Path program) {
        if (!Files.isExecutable(program) || Files.isDirectory(program)) {
            throw fields.refused(field, program + " is not a program of this machine");
        }
        return program;
    }
}
