package dev.fairway.api.security.rbac;

import dev.fairway.api.security.Access;
import dev.fairway.api.security.User;
import dev.fairway.api.security.Verdict;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// Roles and bindings, arranged so that a decision looks only at what concerns its user. Changes cost as much as the
/// changed object, decisions as much as the user's own bindings. Safe for use by many threads.
///
/// It is told of changes and never asks anybody: {@link RbacFeed} keeps it as the API has it.
public final class RbacIndex {

    /// Where a subject has grants; an empty namespace is the whole cluster.
    private record Place(Grant.Subject subject, String namespace) {}

    private final Map<ObjectKey, List<PolicyRule>> roles = new ConcurrentHashMap<>();
    private final Map<Place, ConcurrentSkipListSet<Grant>> grants = new ConcurrentHashMap<>();

    /// A role came, changed or went.
    public void role(Optional<ObjectNode> before, Optional<ObjectNode> now) {
        now.ifPresentOrElse(
                role -> roles.put(Meta.key(role), PolicyRule.ofRole(role)),
                () -> before.ifPresent(role -> roles.remove(Meta.key(role))));
    }

    /// A binding came, changed or went. What it grants in both states is granted all the time.
    public void binding(Optional<ObjectNode> before, Optional<ObjectNode> now) {
        List<Grant> wanted = now.map(Grant::of).orElse(List.of());
        wanted.forEach(grant -> grants.computeIfAbsent(place(grant), p -> new ConcurrentSkipListSet<>())
                .add(grant));
        List<Grant> gone = new ArrayList<>(before.map(Grant::of).orElse(List.of()));
        gone.removeAll(wanted);
        gone.forEach(grant -> grants.computeIfPresent(place(grant), (p, held) -> {
            held.remove(grant);
            return held.isEmpty() ? null : held;
        }));
    }

    private static Place place(Grant grant) {
        return new Place(grant.subject(), grant.binding().namespace());
    }

    public Verdict decide(User user, Access access) {
        String namespace = access instanceof Access.ToResource to ? to.namespace() : "";
        Optional<Verdict> allowed = first(
                user,
                namespace,
                grant -> rules(grant.role()).stream()
                        .filter(rule -> rule.allows(access))
                        .findFirst()
                        .map(rule -> Verdict.allow(grant.reason())));
        return allowed.orElse(Verdict.NONE);
    }

    /// All rules that the user has in the namespace, those that hold everywhere included.
    public List<PolicyRule> rules(User user, String namespace) {
        List<PolicyRule> out = new ArrayList<>();
        first(user, namespace, grant -> {
            out.addAll(rules(grant.role()));
            return Optional.empty();
        });
        return out;
    }

    private List<PolicyRule> rules(ObjectKey role) {
        return find(role).orElse(List.of());
    }

    /// The rules of a role; empty when there is no such role.
    ///
    /// @param role with an empty namespace for a `ClusterRole`
    Optional<List<PolicyRule>> find(ObjectKey role) {
        return Optional.ofNullable(roles.get(role));
    }

    private <T> Optional<T> first(User user, String namespace, Function<Grant, Optional<T>> visit) {
        for (String place : namespace.isEmpty() ? List.of("") : List.of("", namespace)) {
            Optional<T> found = first(new Place(new Grant.Subject(false, user.name()), place), visit);
            if (found.isPresent()) {
                return found;
            }
            for (String group : user.groups()) {
                found = first(new Place(new Grant.Subject(true, group), place), visit);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private <T> Optional<T> first(Place place, Function<Grant, Optional<T>> visit) {
        ConcurrentSkipListSet<Grant> held = grants.get(place);
        if (held == null) {
            return Optional.empty();
        }
        for (Grant grant : held) {
            Optional<T> found = visit.apply(grant);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
