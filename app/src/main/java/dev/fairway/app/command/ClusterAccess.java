package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.client.RemoteApiClient;
import dev.fairway.picture.Choice;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.node.ObjectNode;

/// How commands that look at a cluster find it, and what they may ask for: options as kubectl has them.
final class ClusterAccess {

    private static final String KUBECONFIG = "--kubeconfig";
    private static final String NAMESPACE = "-n";
    private static final String ALL = "-A";
    private static final Set<String> SERVICE_WORDS = Set.of("svc", "service", "services");
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;

    private ClusterAccess() {}

    static PositionalParamSpec service() {
        return PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .type(String.class)
                .paramLabel("svc/NAME")
                .description("One Service.")
                .build();
    }

    /// Which cluster.
    static List<OptionSpec> options() {
        return List.of(
                OptionSpec.builder(KUBECONFIG)
                        .type(Path.class)
                        .paramLabel("FILE")
                        .description("The cluster's kubeconfig; else that of --state, of KUBECONFIG, of this machine.")
                        .build(),
                Options.state());
    }

    static OptionSpec namespace() {
        return OptionSpec.builder(NAMESPACE, "--namespace")
                .type(String.class)
                .paramLabel("NAMESPACE")
                .description("The namespace; default when not given.")
                .build();
    }

    static OptionSpec allNamespaces() {
        return OptionSpec.builder(ALL, "--all-namespaces")
                .type(boolean.class)
                .arity("0")
                .description("All namespaces.")
                .build();
    }

    /// @throws CommandException when the words name no Service, or the options exclude each other
    static Choice choice(ParseResult options) {
        boolean all = Options.given(options, ALL);
        if (all && Options.given(options, NAMESPACE)) {
            throw new CommandException(ExitCode.USAGE, "-n and -A exclude each other");
        }
        String named = options.matchedPositionalValue(0, "");
        if (named.isEmpty()) {
            return new Choice(all ? "" : options.matchedOptionValue(NAMESPACE, "default"), "");
        }
        String[] words = named.split("/", -1);
        if (words.length != 2 || !SERVICE_WORDS.contains(words[0]) || words[1].isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "\"" + named + "\" names no Service; write svc/NAME");
        }
        if (all) {
            throw new CommandException(
                    ExitCode.USAGE, named + " and -A exclude each other; name its namespace with -n");
        }
        return new Choice(options.matchedOptionValue(NAMESPACE, "default"), words[1]);
    }

    static CommandException noSuchService(Choice choice) {
        return new CommandException(
                ExitCode.FAILED,
                "service \"" + choice.service() + "\" not found in namespace \"" + choice.namespace()
                        + "\"; see: kubectl get services -A");
    }

    /// Asks the cluster's API; a cluster that cannot be asked is one sentence and exit code 3.
    static <T> T ask(ParseResult options, Function<ApiClient, T> question) {
        Path kubeconfig = kubeconfig(options);
        try (RemoteApiClient client = RemoteApiClient.open(kubeconfig, "fairway")) {
            return question.apply(client);
        } catch (ApiException refused) {
            if (refused.code() == UNAVAILABLE) {
                throw new CommandException(ExitCode.API_UNREACHABLE, refused.text() + "; see fairway status");
            }
            throw new CommandException(ExitCode.FAILED, refused.text());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.API_UNREACHABLE, e.getMessage() + "; give --kubeconfig, or first run: fairway up");
        }
    }

    private static Path kubeconfig(ParseResult options) {
        Path named = options.matchedOptionValue(KUBECONFIG, (Path) null);
        if (named != null) {
            return named;
        }
        String fromEnvironment = System.getenv().getOrDefault("KUBECONFIG", "");
        if (!Options.given(options, "--state") && !fromEnvironment.isEmpty()) {
            return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                    .splitAsStream(fromEnvironment)
                    .map(Path::of)
                    .filter(Files::exists)
                    .findFirst()
                    .orElse(Path.of(fromEnvironment));
        }
        return Options.stateFolder(options).kubeconfig();
    }

    /// @param namespace empty for all
    static ClusterObjects objects(ApiClient client, String namespace) {
        return new ClusterObjects(
                client.list(Resource.NODES, "", Selection.ALL).items(),
                client.list(Resource.PODS, namespace, Selection.ALL).items(),
                client.list(Resource.SERVICES, namespace, Selection.ALL).items(),
                client.list(Resource.ENDPOINT_SLICES, namespace, Selection.ALL).items());
    }

    /// Of all namespaces; none when the cluster does not serve them, or not to this user.
    static List<ObjectNode> policies(ApiClient client) {
        try {
            return client.list(Resource.NETWORK_POLICIES, "", Selection.ALL).items();
        } catch (ApiException refused) {
            if (refused.code() == FORBIDDEN || refused.isNotFound()) {
                return List.of();
            }
            throw refused;
        }
    }
}
