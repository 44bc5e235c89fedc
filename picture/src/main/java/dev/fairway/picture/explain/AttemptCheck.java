package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a real connection proves about a Service.
final class AttemptCheck {

    private static final String LIST_RULES = "nft -a list ruleset";

    private AttemptCheck() {}

    /// Empty when the attempt did not fail, or failed before an endpoint was chosen: by the rules that the objects ask
    /// for, and of those the other checks tell.
    ///
    /// @param policies what is said of NetworkPolicies that do not let the client in
    /// @param muting what is said of NetworkPolicies that do not let the client ask DNS
    static Optional<Finding> finding(
            ObjectKey key, Attempt attempt, Optional<Finding> policies, Optional<Finding> muting) {
        if (!attempt.failed()) {
            return Optional.empty();
        }
        if (attempt.isLost() && policies.isPresent()) {
            return Optional.of(enforced(key, attempt, policies.get()));
        }
        if (attempt.stoppedBy().isPresent()) {
            return Optional.of(stopped(key, attempt, attempt.stoppedBy().get()));
        }
        if (!attempt.drift().isEmpty()) {
            return Optional.of(differs(key, attempt, attempt.drift()));
        }
        return attempt.misnamed().isPresent()
                ? Optional.of(misnamed(key, attempt, attempt.misnamed().get(), muting))
                : attempt.to().map(to -> unanswered(key, attempt, to));
    }

    private static Finding misnamed(ObjectKey key, Attempt attempt, String said, Optional<Finding> muting) {
        return muting.map(policies -> new Finding(
                        Code.POLICY_STOPS_DNS,
                        key,
                        "NetworkPolicies do not let " + attempt.from() + " ask DNS, and are enforced: it does not find"
                                + " the Service by name",
                        evidence(
                                attempt,
                                Stream.concat(Stream.of(said), policies.evidence().stream())
                                        .toArray(String[]::new)),
                        policies.fix()))
                .orElseGet(() -> differs(key, attempt, List.of(said)));
    }

    private static Finding stopped(ObjectKey key, Attempt attempt, String rule) {
        return new Finding(
                Code.STOPPED_BY_ANOTHER,
                key,
                "a rule of another program stops connections of " + attempt.from(),
                evidence(attempt, "stopped by " + rule),
                LIST_RULES);
    }

    private static Finding enforced(ObjectKey key, Attempt attempt, Finding policies) {
        List<String> facts = new ArrayList<>();
        facts.add(attempt.stoppedBy()
                .map(rule -> "stopped by " + rule)
                .or(() -> attempt.to().map(to -> "led to " + to + ", and nothing came back"))
                .orElse("nothing came back"));
        facts.addAll(policies.evidence());
        return new Finding(
                Code.POLICY_STOPS_CLIENT,
                key,
                "NetworkPolicies do not let " + attempt.from() + " in, and are enforced: its connections time out",
                evidence(attempt, facts.toArray(String[]::new)),
                policies.fix());
    }

    private static Finding differs(ObjectKey key, Attempt attempt, List<String> facts) {
        return new Finding(
                Code.NODE_DIFFERS,
                key,
                "the node does something else than the API says",
                evidence(attempt, facts.toArray(String[]::new)),
                "fairway status");
    }

    private static Finding unanswered(ObjectKey key, Attempt attempt, String to) {
        if (attempt.outcome() == Attempt.Outcome.REFUSED) {
            return new Finding(
                    Code.NOTHING_LISTENS,
                    key,
                    "connections are refused by " + to,
                    evidence(attempt, "led to " + to + ", which refused"),
                    "kubectl get endpointslices -n " + key.namespace() + " -l kubernetes.io/service-name="
                            + key.name());
        }
        return attempt.toItself()
                ? new Finding(
                        Code.NO_WAY_TO_ITSELF,
                        key,
                        attempt.from() + " does not reach itself by way of the Service",
                        evidence(attempt, "led to itself, " + to + ", and nothing came back"),
                        "bridge -d link show")
                : new Finding(
                        Code.STOPPED_BY_ANOTHER,
                        key,
                        "connections get lost between the node and " + to,
                        evidence(attempt, "led to " + to + ", and nothing came back"),
                        LIST_RULES);
    }

    private static List<String> evidence(Attempt attempt, String... facts) {
        List<String> out = new ArrayList<>();
        out.add(attempt.from() + " dialled " + attempt.where() + " over " + attempt.protocol());
        out.addAll(List.of(facts));
        attempt.steps().forEach(step -> out.add("met " + step));
        return out;
    }
}
