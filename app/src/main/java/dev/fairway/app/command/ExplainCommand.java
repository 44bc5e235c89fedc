package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Terminal;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.trace.Attempts;
import dev.fairway.picture.Choice;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.explain.Attempt;
import dev.fairway.picture.explain.Code;
import dev.fairway.picture.explain.Explainer;
import dev.fairway.picture.explain.Finding;
import dev.fairway.picture.explain.NodeFacts;
import dev.fairway.picture.explain.PodSockets;
import dev.fairway.schema.Json;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `fairway explain`: why a Service does not work, with what to do about it.
final class ExplainCommand {

    private static final String ALL = "--all";
    private static final String FROM = "--from";

    private ExplainCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command("explain", "Why a Service does not work, and what to do about it.");
        spec.addPositional(ClusterAccess.service());
        spec.addOption(Options.flag(ALL, "All Services: of all namespaces, or of that of -n."));
        spec.addOption(OptionSpec.builder(FROM)
                .type(String.class)
                .paramLabel("WHO")
                .description("Also try it for real: pod/[NAMESPACE/]NAME, node/NAME or outside opens connections.")
                .build());
        spec.addOption(ClusterAccess.namespace());
        ClusterAccess.options().forEach(spec::addOption);
        spec.addOption(Options.output());
        return new Commands.Command(spec, ExplainCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) {
        boolean asJson = Options.json(options);
        Choice choice = ClusterAccess.choice(options);
        boolean all = Options.given(options, ALL);
        if (all != choice.service().isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "name one Service with svc/NAME, or all with " + ALL);
        }
        if (all && Options.given(options, FROM)) {
            throw new CommandException(ExitCode.USAGE, FROM + " needs one Service: svc/NAME");
        }
        Said said = ClusterAccess.ask(options, client -> explain(client, options, choice));
        if (asJson) {
            terminal.out().println(Json.toPrettyText(json(said.findings(), said.notEvaluated())));
        } else {
            print(said.findings(), terminal);
            said.notEvaluated().forEach(terminal::note);
        }
        boolean fault = said.findings().stream()
                .anyMatch(finding -> finding.code().severity().isFault());
        return (fault || !said.tried() ? ExitCode.FAILED : ExitCode.OK).number();
    }

    /// @param notEvaluated what could not be looked at, and why
    /// @param tried whether all connections that were asked for were made
    private record Said(List<Finding> findings, List<String> notEvaluated, boolean tried) {}

    private static Said explain(ApiClient client, ParseResult options, Choice choice) {
        ClusterObjects objects = objects(client);
        // Connections may wait for answers, and meanwhile there is enough to look at.
        FutureTask<Attempts> trying = new FutureTask<>(() -> attempts(client, options, objects, choice));
        Thread.ofPlatform().daemon().name("attempts").start(trying);
        Looked looked = look(objects, options, choice);
        List<Finding> findings = new ArrayList<>(findings(options, choice, looked));
        if (findings.stream().anyMatch(finding -> finding.code() == Code.STALE_FLOW)) {
            looked = look(objects(client), options, choice).confirmedBy(looked);
            findings = new ArrayList<>(findings(options, choice, looked));
        }
        Attempts attempts = made(trying);
        addProven(findings, looked, attempts, choice);
        List<String> notEvaluated = new ArrayList<>(looked.notEvaluated());
        attempts.notMade().ifPresent(why -> notEvaluated.add("not evaluated: real connections: " + why));
        return new Said(findings, notEvaluated, attempts.notMade().isEmpty());
    }

    private static Attempts made(FutureTask<Attempts> trying) {
        try {
            return trying.get();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Attempts(List.of(), Optional.of("interrupted"));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException itself ? itself : new IllegalStateException(e.getCause());
        }
    }

    private static ClusterObjects objects(ApiClient client) {
        return ClusterAccess.objects(client, "").withPolicies(ClusterAccess.policies(client));
    }

    /// What is proven is no longer a hint.
    private static void addProven(List<Finding> findings, Looked looked, Attempts attempts, Choice choice) {
        Explainer explainer = new Explainer(looked.objects(), looked.sockets(), looked.facts());
        for (Attempt attempt : attempts.made()) {
            explainer.explain(key(choice), attempt).ifPresent(findings::add);
        }
        if (!attempts.made().isEmpty()) {
            findings.sort(Comparator.comparing(finding -> finding.code().severity()));
        }
        proven(findings, Code.POLICY_STOPS_CLIENT, Code.POLICY_LETS_NOBODY_IN);
        proven(findings, Code.POLICY_STOPS_DNS, Code.POLICY_HIDES_DNS);
    }

    private static void proven(List<Finding> findings, Code fact, Code hint) {
        if (findings.stream().anyMatch(finding -> finding.code() == fact)) {
            findings.removeIf(finding -> finding.code() == hint);
        }
    }

    /// @param notEvaluated what could not be looked at, and why
    private record Looked(ClusterObjects objects, PodSockets sockets, NodeFacts facts, List<String> notEvaluated) {

        Looked confirmedBy(Looked before) {
            return new Looked(objects, sockets, facts.confirmedBy(before.facts), notEvaluated);
        }
    }

    private static Looked look(ClusterObjects objects, ParseResult options, Choice choice) {
        Optional<ClusterConfig> cluster = Options.stateFolder(options).readSettings();
        List<ObjectNode> services = objects.services().stream()
                .filter(service ->
                        choice.service().isEmpty() || Meta.key(service).equals(key(choice)))
                .toList();
        List<ObjectNode> pods = objects.pods().stream()
                .filter(pod ->
                        choice.service().isEmpty() || services.stream().anyMatch(service -> isBehind(service, pod)))
                .toList();
        PodSockets sockets = LocalSockets.read(cluster, pods);
        NodeFacts facts = LocalNodes.read(cluster, objects.nodes(), services, pods);
        return new Looked(
                objects,
                sockets,
                facts,
                notEvaluated(
                        pods.size() - sockets.byPod().size(),
                        objects.nodes().size() - facts.nodes().size()));
    }

    private static boolean isBehind(ObjectNode service, ObjectNode pod) {
        Map<String, String> selector = Tree.textMap(service, "spec", "selector");
        return Meta.namespace(pod).equals(Meta.namespace(service))
                && !selector.isEmpty()
                && LabelSelector.ofMap(selector).matchesObject(pod);
    }

    /// Of one Service, or of all of them: those of all namespaces, or of the one that was given.
    private static List<Finding> findings(ParseResult options, Choice choice, Looked looked) {
        Explainer explainer = new Explainer(looked.objects(), looked.sockets(), looked.facts());
        if (!choice.service().isEmpty()) {
            return explainer.explain(key(choice));
        }
        return explainer.explainAll().stream()
                .filter(finding -> !Options.given(options, "-n")
                        || finding.service().namespace().equals(choice.namespace()))
                .toList();
    }

    private static ObjectKey key(Choice choice) {
        return new ObjectKey(choice.namespace(), choice.service());
    }

    /// None when nobody asked for them, or for a Service that does not exist: that is a finding already.
    private static Attempts attempts(ApiClient client, ParseResult options, ClusterObjects objects, Choice choice) {
        String from = options.matchedOptionValue(FROM, "");
        return objects.services().stream()
                .filter(service -> !from.isEmpty() && Meta.key(service).equals(key(choice)))
                .findFirst()
                .map(service -> Attempts.make(
                        client, service, from, Options.stateFolder(options).readSettings()))
                .orElseGet(() -> new Attempts(List.of(), Optional.empty()));
    }

    /// What could not be looked at, and why.
    private static List<String> notEvaluated(int podsNotLookedInto, int nodesNotLookedInto) {
        List<String> out = new ArrayList<>();
        if (podsNotLookedInto > 0) {
            out.add("not evaluated: sockets in " + podsNotLookedInto
                    + " pods that have no network of their own on this machine, or that only root may look into");
        }
        if (nodesNotLookedInto > 0) {
            out.add("not evaluated: tracked connections and links of " + nodesNotLookedInto
                    + " nodes that are not on this machine, or that only root may look into");
        }
        return out;
    }

    private static void print(List<Finding> findings, Terminal terminal) {
        if (findings.isEmpty()) {
            terminal.out().println("nothing wrong found");
        }
        for (Finding finding : findings) {
            terminal.out()
                    .println(finding.code().label() + " " + severity(finding) + " service " + finding.service() + ": "
                            + finding.sentence());
            finding.evidence().forEach(fact -> terminal.out().println("    " + fact));
            terminal.out().println("    try:  " + finding.fix());
            terminal.out().println("    read: " + finding.code().page());
        }
        terminal.out().flush();
    }

    private static String severity(Finding finding) {
        return finding.code().severity().name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode json(List<Finding> findings, List<String> notEvaluated) {
        ObjectNode out = Json.object();
        ArrayNode list = out.putArray("findings");
        for (Finding finding : findings) {
            ObjectNode entry = list.addObject()
                    .put("code", finding.code().label())
                    .put("severity", severity(finding))
                    .put("namespace", finding.service().namespace())
                    .put("service", finding.service().name())
                    .put("sentence", finding.sentence());
            ArrayNode evidence = entry.putArray("evidence");
            finding.evidence().forEach(evidence::add);
            entry.put("fix", finding.fix()).put("page", finding.code().page());
        }
        ArrayNode rest = out.putArray("notEvaluated");
        notEvaluated.forEach(rest::add);
        return out;
    }
}
