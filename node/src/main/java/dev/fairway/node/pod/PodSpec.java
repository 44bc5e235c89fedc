package dev.fairway.node.pod;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// What a pod object asks of the node, read once per change of the object.
///
/// @param deleteBy when the grace period of a pod that is being deleted ends
/// @param graceSeconds how long its containers may take after TERM
/// @param object the pod itself
public record PodSpec(
        String namespace,
        String name,
        String uid,
        RestartPolicy restartPolicy,
        boolean hostNetwork,
        long graceSeconds,
        Optional<Instant> deleteBy,
        List<ContainerSpec> initContainers,
        List<ContainerSpec> containers,
        ObjectNode object) {

    /// `spec.restartPolicy`.
    public enum RestartPolicy {
        ALWAYS,
        ON_FAILURE,
        NEVER;

        static RestartPolicy parse(String text) {
            return switch (text) {
                case "Never" -> NEVER;
                case "OnFailure" -> ON_FAILURE;
                default -> ALWAYS;
            };
        }

        boolean restartsAfter(int exitCode) {
            return this == ALWAYS || this == ON_FAILURE && exitCode != 0;
        }
    }

    private static final long DEFAULT_GRACE_SECONDS = 30;

    public PodSpec {
        initContainers = List.copyOf(initContainers);
        containers = List.copyOf(containers);
    }

    public static PodSpec of(ObjectNode pod) {
        long specGrace = Tree.number(pod, DEFAULT_GRACE_SECONDS, "spec", "terminationGracePeriodSeconds");
        return new PodSpec(
                Meta.namespace(pod),
                Meta.name(pod),
                Meta.uid(pod),
                RestartPolicy.parse(Tree.text(pod, "spec", "restartPolicy")),
                Tree.flag(pod, "spec", "hostNetwork"),
                Tree.number(pod, specGrace, "metadata", "deletionGracePeriodSeconds"),
                deletionTime(pod),
                containers(pod, "initContainers"),
                containers(pod, "containers"),
                pod);
    }

    private static Optional<Instant> deletionTime(ObjectNode pod) {
        return Optional.of(Tree.text(pod, "metadata", "deletionTimestamp"))
                .filter(text -> !text.isEmpty())
                .map(Instant::parse);
    }

    private static List<ContainerSpec> containers(ObjectNode pod, String field) {
        return Tree.objects(pod, "spec", field).stream().map(ContainerSpec::of).toList();
    }

    public ObjectKey key() {
        return new ObjectKey(namespace, name);
    }

    /// Init containers first, in the order in which they start.
    public List<ContainerSpec> allContainers() {
        return Stream.concat(initContainers.stream(), containers.stream()).toList();
    }

    public Optional<ContainerSpec> container(String containerName) {
        return allContainers().stream()
                .filter(container -> container.name().equals(containerName))
                .findFirst();
    }

    /// The policy for one container: a restartable init container (a sidecar) is always started again, an ordinary one
    /// only after a failure.
    public RestartPolicy restartPolicyOf(ContainerSpec container) {
        boolean init = initContainers.contains(container);
        if (container.sidecar()) {
            return RestartPolicy.ALWAYS;
        }
        return init && restartPolicy == RestartPolicy.ALWAYS ? RestartPolicy.ON_FAILURE : restartPolicy;
    }

    /// The name that the pod gives itself: `spec.hostname`, or the pod's name cut to 63 characters.
    public String hostname() {
        String asked = Tree.text(object, "spec", "hostname");
        String full = asked.isEmpty() ? name : asked;
        return full.length() <= 63 ? full : full.substring(0, 63).replaceAll("[-.]+$", "");
    }

    /// What the kernel calls the pod's machine: the host name, or with `setHostnameAsFQDN` the full name.
    public String kernelHostname(String domain) {
        return Tree.flag(object, "spec", "setHostnameAsFQDN") && !subdomain().isEmpty() ? fullName(domain) : hostname();
    }

    /// `HOSTNAME.SUBDOMAIN.NAMESPACE.svc.DOMAIN`; only for a pod with a subdomain.
    public String fullName(String domain) {
        return "%s.%s.%s.svc.%s".formatted(hostname(), subdomain(), namespace, domain);
    }

    public String subdomain() {
        return Tree.text(object, "spec", "subdomain");
    }

    /// The group that volumes are given to, if the pod names one.
    public Optional<Long> fsGroup() {
        return Tree.has(object, "spec", "securityContext", "fsGroup")
                ? Optional.of(Tree.number(object, 0, "spec", "securityContext", "fsGroup"))
                : Optional.empty();
    }

    /// How long the pod may be active on its node, if it says so.
    public Optional<Duration> activeDeadline() {
        return Tree.has(object, "spec", "activeDeadlineSeconds")
                ? Optional.of(Duration.ofSeconds(Tree.number(object, 0, "spec", "activeDeadlineSeconds")))
                : Optional.empty();
    }

    /// Settings of the pod's network that it asks for: `net.ipv4.ip_local_port_range` to `1024 65535`.
    public SortedMap<String, String> networkSettings() {
        SortedMap<String, String> out = new TreeMap<>();
        Tree.objects(object, "spec", "securityContext", "sysctls").stream()
                .filter(setting -> Tree.text(setting, "name").startsWith("net."))
                .forEach(setting -> out.put(Tree.text(setting, "name"), Tree.text(setting, "value")));
        return out;
    }
}
