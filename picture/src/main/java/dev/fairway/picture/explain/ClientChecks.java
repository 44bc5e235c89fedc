package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// What clients in the cluster do wrong with a Service that is right.
final class ClientChecks {

    private final Callers callers;
    private final HostAliasCheck aliases;
    private final NetworkPolicies policies;

    /// @param pods of all namespaces
    ClientChecks(Map<ObjectKey, ObjectNode> services, Collection<ObjectNode> pods, NetworkPolicies policies) {
        Names names = new Names(services);
        callers = new Callers(names, pods);
        this.policies = policies;
        aliases = new HostAliasCheck(names, pods);
    }

    /// @param behind the pods behind the Service
    List<Finding> findings(ObjectKey key, ObjectNode service, List<ObjectNode> behind) {
        List<Caller> told = callers.of(key);
        List<Finding> out = new ArrayList<>();
        aliases.finding(key, service, behind).ifPresent(out::add);
        DialedPortCheck.finding(key, service, told, behind).ifPresent(out::add);
        PingCheck.finding(key, service, told).ifPresent(out::add);
        LoopbackNodePortCheck.finding(key, service, callers.local()).ifPresent(out::add);
        new IngressPolicyCheck(key, service, behind, policies).finding(told).ifPresent(out::add);
        new EgressDnsCheck(policies).finding(key, told).ifPresent(out::add);
        ResolverCheck.finding(key, told).ifPresent(out::add);
        SourceRangeCheck.finding(key, service, told).ifPresent(out::add);
        NameCacheCheck.finding(key, service, told).ifPresent(out::add);
        return out;
    }
}
