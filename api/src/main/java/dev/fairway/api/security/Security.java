package dev.fairway.api.security;

import dev.fairway.api.registry.Admission;
import dev.fairway.api.security.admission.AdmissionChain;
import dev.fairway.api.security.admission.CreateRight;
import dev.fairway.api.security.admission.ServiceAccountAdmission;
import dev.fairway.api.security.node.NodeAuthorizer;
import dev.fairway.api.security.node.NodePods;
import dev.fairway.api.security.node.NodeRestriction;
import dev.fairway.api.security.rbac.BootstrapPolicy;
import dev.fairway.api.security.rbac.Escalation;
import dev.fairway.api.security.rbac.RbacFeed;
import dev.fairway.api.security.rbac.RbacIndex;
import dev.fairway.api.security.rbac.Reconciliation;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.Mirror;
import java.util.List;

/// Who may do what, wired together: what decides exists before the registry, what it decides by is fed from the
/// registry.
public final class Security implements AutoCloseable {

    /// The server itself, where it keeps its own house.
    public static final User SELF = User.authenticated("system:apiserver", List.of(User.MASTERS));

    private final BootstrapPolicy policy = BootstrapPolicy.load();
    private final RbacIndex rbac = new RbacIndex();
    private final NodePods pods = new NodePods();
    private final Authorizer authorizer = new Authorizer(rbac, new NodeAuthorizer(policy.rulesOf("system:node"), pods));
    private final Admission admission = new AdmissionChain(List.of(
            new ServiceAccountAdmission(),
            new CreateRight(authorizer),
            new NodeRestriction(),
            new Escalation(authorizer, rbac)));
    private final java.util.Deque<AutoCloseable> feeds = new java.util.ArrayDeque<>();

    public Authorizer authorizer() {
        return authorizer;
    }

    public Admission admission() {
        return admission;
    }

    /// Writes the bootstrap roles and begins to follow roles, bindings and pods; returns when decisions can be made.
    ///
    /// @param client of {@link #SELF}
    public void start(ApiClient client) throws InterruptedException {
        Reconciliation.run(client, policy);
        RbacFeed feed = RbacFeed.start(client, rbac);
        feeds.push(feed);
        Mirror mirror = Mirror.start(client, Resource.PODS, "", Selection.ALL, pods::changed);
        feeds.push(mirror);
        pods.readFrom(
                node -> client.list(Resource.PODS, "", new Selection("", "spec.nodeName=" + node)).items().stream());
    }

    @Override
    public void close() {
        while (!feeds.isEmpty()) {
            try {
                feeds.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("stopping: " + e.getMessage(), e);
            }
        }
    }
}
