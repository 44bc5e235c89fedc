package dev.fairway.picture.explain;

import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.Conditions;
import dev.fairway.picture.SceneReader;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Says why a Service does not work, from the API objects, from what waits in its pods and from what nodes' kernels
/// say. The first finding of a Service is the root cause; what could only follow from it is not looked at.
public final class Explainer {

    private final Map<String, List<ObjectNode>> podsByNamespace;
    private final Map<ObjectKey, ObjectNode> services;
    private final PodSockets sockets;
    private final List<ObjectNode> nodes;
    private final Map<ObjectKey, List<ObjectNode>> slicesByService;
    private final ClientChecks clients;
    private final SharedAddressCheck addresses;
    private final Set<ObjectKey> pods;
    private final StaleFlowCheck flows;
    private final TrackingCheck tracking;
    private final MtuCheck mtus;
    private final Optional<NodeFacts.Edge> edge;
    private final NetworkPolicies policies;

    /// From the objects of the API alone.
    ///
    /// @param objects those of all namespaces
    public Explainer(ClusterObjects objects) {
        this(objects, PodSockets.UNKNOWN, NodeFacts.UNKNOWN);
    }

    /// @param objects those of all namespaces
    /// @param sockets what waits in their pods, as far as it is known
    /// @param facts what their nodes' kernels say, as far as it is known
    public Explainer(ClusterObjects objects, PodSockets sockets, NodeFacts facts) {
        this.sockets = sockets;
        podsByNamespace = objects.pods().stream()
                .filter(pod -> !Conditions.hasEnded(pod))
                .collect(Collectors.groupingBy(Meta::namespace));
        nodes = objects.nodes();
        slicesByService = objects.slices().stream()
                .collect(Collectors.groupingBy(
                        slice -> new ObjectKey(Meta.namespace(slice), SceneReader.serviceOf(slice))));
        services = objects.services().stream().collect(Collectors.toMap(Meta::key, service -> service));
        addresses = new SharedAddressCheck(services.values());
        flows = new StaleFlowCheck(facts, nodes);
        tracking = new TrackingCheck(facts);
        mtus = new MtuCheck(facts);
        edge = facts.edge();
        policies = new NetworkPolicies(objects.policies());
        pods = objects.pods().stream().map(Meta::key).collect(Collectors.toSet());
        clients = new ClientChecks(
                services,
                podsByNamespace.values().stream().flatMap(List::stream).toList(),
                policies);
    }

    public List<Finding> explainAll() {
        return services.keySet().stream()
                .sorted()
                .flatMap(key -> explain(key).stream())
                .toList();
    }

    /// Also for a Service that does not exist.
    public List<Finding> explain(ObjectKey key) {
        ObjectNode service = services.get(key);
        if (service == null) {
            return List.of(absent(key));
        }
        if (ExternalNameCheck.applies(service)) {
            return new ExternalNameCheck(services)
                    .finding(key, service).stream().toList();
        }
        List<Finding> out = new ArrayList<>();
        Map<String, String> selector = Tree.textMap(service, "spec", "selector");
        List<ObjectNode> slices = slicesByService.getOrDefault(key, List.of());
        List<ObjectNode> chosen = selector.isEmpty() ? List.of() : chosen(key, selector);
        out.addAll(
                selector.isEmpty()
                        ? SliceNameCheck.findings(key, service, slices)
                        : behind(key, service, selector, chosen));
        HeadlessCheck.finding(key, service).ifPresent(out::add);
        BalancerCheck.pending(key, service).ifPresent(out::add);
        BalancerCheck.unanswered(key, service, edge).ifPresent(out::add);
        addresses.finding(key, service).ifPresent(out::add);
        RolloutCheck.stale(key, slices, pods).ifPresent(out::add);
        flows.finding(key, service, slices).ifPresent(out::add);
        tracking.finding(key).ifPresent(out::add);
        mtus.finding(key, service, chosen).ifPresent(out::add);
        if (out.stream().noneMatch(finding -> finding.code().severity() == Code.Severity.ERROR)) {
            out.addAll(clients.findings(key, service, chosen));
        }
        PortForwardCheck.finding(key, out, chosen).ifPresent(out::add);
        out.sort(Comparator.comparing(finding -> finding.code().severity()));
        return out;
    }

    /// What a real connection to the Service proves.
    public Optional<Finding> explain(ObjectKey key, Attempt attempt) {
        return AttemptCheck.finding(
                key,
                attempt,
                Optional.ofNullable(services.get(key)).flatMap(service -> against(key, service, attempt)),
                attempt.client().flatMap(this::pod).flatMap(pod -> new EgressDnsCheck(policies).finding(key, pod)));
    }

    private Optional<Finding> against(ObjectKey key, ObjectNode service, Attempt attempt) {
        Map<String, String> selector = Tree.textMap(service, "spec", "selector");
        List<ObjectNode> behind = selector.isEmpty() ? List.of() : chosen(key, selector);
        Optional<ObjectNode> client = attempt.client().flatMap(this::pod);
        boolean ofNode =
                client.filter(pod -> Tree.flag(pod, "spec", "hostNetwork")).isPresent();
        return ofNode || attempt.from().startsWith("node ")
                ? Optional.empty()
                : new IngressPolicyCheck(key, service, behind, policies).against(client, attempt.port());
    }

    private Optional<ObjectNode> pod(ObjectKey key) {
        return podsByNamespace.getOrDefault(key.namespace(), List.of()).stream()
                .filter(pod -> Meta.key(pod).equals(key))
                .findFirst();
    }

    private List<ObjectNode> chosen(ObjectKey key, Map<String, String> selector) {
        return podsByNamespace.getOrDefault(key.namespace(), List.of()).stream()
                .filter(LabelSelector.ofMap(selector)::matchesObject)
                .toList();
    }

    private List<Finding> behind(
            ObjectKey key, ObjectNode service, Map<String, String> selector, List<ObjectNode> chosen) {
        if (chosen.isEmpty()) {
            return List.of(new SelectorCheck(key, selector, podsByNamespace).finding());
        }
        List<Finding> out = new ArrayList<>(ReadinessCheck.findings(key, service, chosen));
        if (out.isEmpty()) {
            BreadthCheck breadth = new BreadthCheck(key, service, chosen, sockets);
            breadth.finding().ifPresent(out::add);
            out.addAll(ports(key, service, breadth.own()));
            FamilyCheck.finding(key, service, chosen)
                    .or(() -> new FamilySocketCheck(key, breadth.own(), sockets).finding(service))
                    .ifPresent(out::add);
            out.addAll(new PolicyCheck(key, service, chosen, nodes).findings());
            AffinityCheck.finding(key, service, chosen).ifPresent(out::add);
            ConnectionCheck.finding(key, service, chosen).ifPresent(out::add);
            RolloutCheck.hasty(key, chosen).ifPresent(out::add);
        }
        return out;
    }

    /// What waits in the pods outweighs what they declare.
    private List<Finding> ports(ObjectKey key, ObjectNode service, List<ObjectNode> pods) {
        SocketCheck check = new SocketCheck(key, pods, sockets);
        List<Finding> out = new ArrayList<>(check.findings(service));
        PortCheck.findings(key, service, pods).stream()
                .filter(finding -> !check.knows() || finding.code() == Code.NAMED_PORT_ABSENT)
                .forEach(out::add);
        return out;
    }

    private Finding absent(ObjectKey key) {
        List<String> elsewhere = services.keySet().stream()
                .filter(other -> other.name().equals(key.name()))
                .map(ObjectKey::namespace)
                .sorted()
                .toList();
        String sentence = "there is no Service \"" + key.name() + "\" in namespace \"" + key.namespace() + "\"";
        if (!elsewhere.isEmpty()) {
            String namespace = elsewhere.getFirst();
            String name = key.name() + "." + namespace;
            return new Finding(
                    Code.WRONG_NAMESPACE,
                    key,
                    sentence + ", but in \"" + namespace + "\": from other namespaces its name is " + name,
                    List.of("namespaces with a Service of that name: " + String.join(", ", elsewhere)),
                    "kubectl get service " + key.name() + " -n " + namespace);
        }
        List<String> near = services.keySet().stream()
                .filter(other -> other.namespace().equals(key.namespace()))
                .map(ObjectKey::name)
                .toList();
        Optional<String> meant = Nearest.of(key.name(), near);
        return new Finding(
                Code.WRONG_NAMESPACE,
                key,
                sentence + meant.map(name -> "; did you mean \"" + name + "\"?").orElse(", nor in any other"),
                List.of("Services in \"" + key.namespace() + "\": " + near.size()),
                meant.map(name -> "kubectl get service " + name + " -n " + key.namespace())
                        .orElse("kubectl get services -A"));
    }
}
