package dev.fairway.picture.explain;

import java.util.Locale;

/// What can be wrong with a Service. A code keeps its number and its meaning for good.
public enum Code {
    SELECTOR_MATCHES_NO_POD(1, Severity.ERROR, "selector-matches-no-pod"),
    NOT_READY(2, Severity.ERROR, "pods-are-not-ready"),
    TARGET_PORT_NOT_DECLARED(3, Severity.HINT, "target-port-is-not-declared"),
    NOTHING_LISTENS(3, Severity.ERROR, "target-port-is-not-declared"),
    LISTENS_ON_LOOPBACK(5, Severity.ERROR, "program-listens-on-loopback"),
    NAMED_PORT_ABSENT(4, Severity.ERROR, "named-target-port-is-absent"),
    WRONG_NAMESPACE(6, Severity.ERROR, "service-is-in-another-namespace"),
    PROTOCOL_MISMATCH(7, Severity.WARNING, "protocol-does-not-match"),
    DIALED_PORT_ABSENT(8, Severity.HINT, "client-dials-another-port"),
    CLUSTER_IP_PINGED(9, Severity.HINT, "cluster-ip-does-not-answer-ping"),
    BALANCER_PENDING(10, Severity.ERROR, "load-balancer-is-pending"),
    BALANCER_ADDRESS_UNANSWERED(11, Severity.ERROR, "load-balancer-address-is-taken"),
    BALANCER_ADDRESS_TAKEN(11, Severity.WARNING, "load-balancer-address-is-taken"),
    NO_LOCAL_ENDPOINT_FOR_OUTSIDE(12, Severity.WARNING, "external-traffic-policy-is-local"),
    NO_LOCAL_ENDPOINT_FOR_PODS(13, Severity.WARNING, "internal-traffic-policy-is-local"),
    NODE_PORT_ON_LOOPBACK(14, Severity.HINT, "node-port-is-not-on-localhost"),
    POLICY_LETS_NOBODY_IN(15, Severity.HINT, "network-policy-lets-nobody-in"),
    POLICY_STOPS_CLIENT(15, Severity.ERROR, "network-policy-lets-nobody-in"),
    POLICY_HIDES_DNS(16, Severity.HINT, "network-policy-hides-dns"),
    POLICY_STOPS_DNS(16, Severity.ERROR, "network-policy-hides-dns"),
    NO_WAY_TO_ITSELF(17, Severity.ERROR, "pod-does-not-reach-itself"),
    AFFINITY_WITHOUT_EFFECT(18, Severity.WARNING, "clients-do-not-keep-their-pod"),
    AFFINITY_BY_NODE(18, Severity.HINT, "clients-do-not-keep-their-pod"),
    LONG_CONNECTIONS(19, Severity.HINT, "one-pod-gets-all-requests"),
    STALE_FLOW(20, Severity.WARNING, "udp-client-keeps-a-pod-that-is-gone"),
    TRACKING_FULL(21, Severity.ERROR, "node-tracks-too-many-connections"),
    TRACKING_NEARLY_FULL(21, Severity.WARNING, "node-tracks-too-many-connections"),
    KILLED_AT_ONCE(22, Severity.HINT, "connections-end-at-a-rollout"),
    ENDPOINT_WITHOUT_POD(22, Severity.WARNING, "connections-end-at-a-rollout"),
    HEADLESS_PORT_IGNORED(23, Severity.WARNING, "headless-ports-are-not-translated"),
    EXTERNAL_NAME_LEADS_NOWHERE(24, Severity.ERROR, "external-name-is-an-address"),
    EXTERNAL_NAME_IS_ADDRESS(24, Severity.WARNING, "external-name-is-an-address"),
    NAME_NOT_ASKED(25, Severity.HINT, "pod-asks-another-dns"),
    SLICE_PORT_NAME_DIFFERS(26, Severity.ERROR, "endpoint-slice-has-another-port-name"),
    SELECTOR_TOO_BROAD(27, Severity.WARNING, "selector-is-too-broad"),
    MTU_DIFFERS(28, Severity.WARNING, "large-packets-vanish"),
    FAMILY_WITHOUT_ENDPOINT(29, Severity.WARNING, "family-without-endpoint"),
    FAMILY_NOT_SERVED(29, Severity.WARNING, "family-without-endpoint"),
    STOPPED_BY_ANOTHER(30, Severity.ERROR, "another-program-drops-packets"),
    NODE_DIFFERS(30, Severity.ERROR, "another-program-drops-packets"),
    SOURCE_EXCLUDED(31, Severity.HINT, "source-ranges-leave-a-client-out"),
    PORT_FORWARD_PASSES(32, Severity.HINT, "port-forward-works-all-the-same"),
    NAME_SHADOWED(33, Severity.WARNING, "host-aliases-hide-the-name"),
    NAME_KEPT(34, Severity.HINT, "client-keeps-old-addresses");

    /// How sure and how bad it is.
    public enum Severity {
        /// The Service does not work.
        ERROR,
        /// A part of it does not work.
        WARNING,
        /// The objects look so, but they may be right.
        HINT;

        /// Whether something does not work for sure.
        public boolean isFault() {
            return this != HINT;
        }
    }

    private final int number;
    private final Severity severity;
    private final String page;

    Code(int number, Severity severity, String page) {
        this.number = number;
        this.severity = severity;
        this.page = page;
    }

    /// `FW001`.
    public String label() {
        return "FW%03d".formatted(number);
    }

    /// As the reason of an Event: `SelectorMatchesNoPod`.
    public String reason() {
        StringBuilder out = new StringBuilder();
        for (String word : name().split("_")) {
            out.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }

    public Severity severity() {
        return severity;
    }

    /// What to read, in the repository.
    public String page() {
        return "docs/how-to/" + page + ".md";
    }
}
