package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a real connection proves about a Service.
public final class AttemptCheck {

    private AttemptCheck() {}

    /// Nothing when the attempt did not fail.
    public static Optional<Finding> finding(ObjectKey key, Attempt attempt) {
        return attempt.failed() ? Optional.of(fault(key, attempt)) : Optional.empty();
    }

    private static Finding fault(ObjectKey key, Attempt attempt) {
        String dialled = attempt.from() + " dialled " + attempt.where() + " over " + attempt.protocol();
        if (attempt.stoppedBy().isPresent()) {
            return new Finding(
                    Code.STOPPED_BY_ANOTHER,
                    key,
                    "a rule of another program stops connections of " + attempt.from(),
                    evidence(
                            attempt,
                            dialled,
                            "stopped by " + attempt.stoppedBy().get()),
                    "nft -a list ruleset");
        }
        if (!attempt.drift().isEmpty()) {
            return new Finding(
                    Code.NODE_DIFFERS,
                    key,
                    "the node does something else than the API says",
                    evidence(attempt, dialled, attempt.drift().toArray(String[]::new)),
                    "fairway status");
        }
        String to = attempt.to().orElse("an endpoint");
        if (attempt.toItself()) {
            return new Finding(
                    Code.NO_WAY_TO_ITSELF,
                    key,
                    attempt.from() + " does not reach itself by way of the Service",
                    evidence(attempt, dialled, "led to itself, " + to + ", and nothing came back"),
                    "bridge -d link show");
        }
        return attempt.outcome() == Attempt.Outcome.REFUSED
                ? new Finding(
                        Code.NOTHING_LISTENS,
                        key,
                        "connections are refused by " + to,
                        evidence(attempt, dialled, "led to " + to + ", which refused"),
                        "kubectl get endpointslices -n " + key.namespace() + " -l kubernetes.io/service-name="
                                + key.name())
                : new Finding(
                        Code.STOPPED_BY_ANOTHER,
                        key,
                        "connections get lost between the node and " + to,
                        evidence(attempt, dialled, "led to " + to + ", and nothing came back"),
                        "nft -a list ruleset");
    }

    private static List<String> evidence(Attempt attempt, String dialled, String... facts) {
        List<String> out = new ArrayList<>(List.of(dialled));
        out.addAll(List.of(facts));
        attempt.steps().forEach(step -> out.add("met " + step));
        return out;
    }
}
