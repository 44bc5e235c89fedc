package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Terminal;
import dev.fairway.picture.Choice;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneJson;
import dev.fairway.picture.SceneReader;
import dev.fairway.picture.TextPicture;
import dev.fairway.picture.svg.PngPicture;
import dev.fairway.picture.svg.SvgPicture;
import dev.fairway.schema.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `fairway draw`: the cluster's Services as a picture, from the API of any Kubernetes cluster.
final class DrawCommand {

    private static final List<String> FORMS = List.of("svg", "png", "json", "text");

    private static final String DARK = "--dark";

    private DrawCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command("draw", "Draw the cluster's Services, or one of them.");
        spec.addPositional(ClusterAccess.service());
        spec.addOption(ClusterAccess.namespace());
        spec.addOption(ClusterAccess.allNamespaces());
        ClusterAccess.options().forEach(spec::addOption);
        spec.addOption(OptionSpec.builder("-o", "--output")
                .type(String.class)
                .paramLabel("FORM")
                .description("svg, png, json or text; without it text on a terminal, else svg.")
                .build());
        spec.addOption(Options.flag(DARK, "PNG in the colours for a dark ground; an SVG follows its viewer."));
        return new Commands.Command(spec, DrawCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) {
        String form = options.matchedOptionValue("-o", terminal.person() ? "text" : "svg");
        if (!FORMS.contains(form)) {
            throw new CommandException(
                    ExitCode.USAGE, "-o: unknown form \"" + form + "\"; known: " + String.join(", ", FORMS));
        }
        if (Options.given(options, DARK) && !form.equals("png")) {
            throw new CommandException(ExitCode.USAGE, DARK + " is for -o png alone");
        }
        Choice choice = ClusterAccess.choice(options);
        Scene scene = SceneReader.read(read(options, choice), choice);
        if (scene.services().isEmpty() && !choice.service().isEmpty()) {
            throw ClusterAccess.noSuchService(choice);
        }
        byte[] file = switch (form) {
            case "png" -> png(scene, Options.given(options, DARK));
            case "json" -> bytes(Json.toPrettyText(SceneJson.of(scene)) + "\n");
            case "text" -> bytes(TextPicture.draw(scene));
            default -> bytes(SvgPicture.draw(scene));
        };
        terminal.out().writeBytes(file);
        terminal.out().flush();
        return ExitCode.OK.number();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] png(Scene scene, boolean isDark) {
        return switch (PngPicture.draw(scene, isDark)) {
            case PngPicture.Drawn(byte[] png) -> png;
            case PngPicture.Refused(String why) -> throw new CommandException(ExitCode.FAILED, why);
        };
    }

    private static ClusterObjects read(ParseResult options, Choice choice) {
        return ClusterAccess.ask(options, client -> ClusterAccess.objects(client, choice.namespace()));
    }
}
