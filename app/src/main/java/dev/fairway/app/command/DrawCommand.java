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
import dev.fairway.picture.svg.SvgPicture;
import dev.fairway.schema.Json;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `fairway draw`: the cluster's Services as a picture, from the API of any Kubernetes cluster.
final class DrawCommand {

    private static final List<String> FORMS = List.of("svg", "json", "text");

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
                .description("svg (default), json or text.")
                .build());
        return new Commands.Command(spec, DrawCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) {
        String form = options.matchedOptionValue("-o", "svg");
        if (!FORMS.contains(form)) {
            throw new CommandException(
                    ExitCode.USAGE, "-o: unknown form \"" + form + "\"; known: " + String.join(", ", FORMS));
        }
        Choice choice = ClusterAccess.choice(options);
        Scene scene = SceneReader.read(read(options, choice), choice);
        if (scene.services().isEmpty() && !choice.service().isEmpty()) {
            throw ClusterAccess.noSuchService(choice);
        }
        terminal.out()
                .print(
                        switch (form) {
                            case "json" -> Json.toPrettyText(SceneJson.of(scene)) + "\n";
                            case "text" -> TextPicture.draw(scene);
                            default -> SvgPicture.draw(scene);
                        });
        terminal.out().flush();
        return ExitCode.OK.number();
    }

    private static ClusterObjects read(ParseResult options, Choice choice) {
        return ClusterAccess.ask(options, client -> ClusterAccess.objects(client, choice.namespace()));
    }
}
