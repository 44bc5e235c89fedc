package dev.fairway.api;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What people do with kubectl, and what they see.
class KubectlTest {

    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stop() throws IOException {
        cluster.close();
    }

    @Test
    void theServerSaysWhatItIs() throws Exception {
        Script.play(cluster, """
                $ kubectl version
                Client Version: *
                ...
                Server Version: v1.33.0+fairway
                $ kubectl get --raw /readyz?verbose
                [+]ping ok
                [+]etcd ok
                [+]informer-sync ok
                readyz check passed
                $ kubectl api-resources --api-group=apps
                NAME SHORTNAMES APIVERSION NAMESPACED KIND
                daemonsets ds apps/v1 true DaemonSet
                deployments deploy apps/v1 true Deployment
                replicasets rs apps/v1 true ReplicaSet
                $ kubectl api-versions
                apps/v1
                authentication.k8s.io/v1
                authentication.k8s.io/v1alpha1
                authentication.k8s.io/v1beta1
                authorization.k8s.io/v1
                coordination.k8s.io/v1
                discovery.k8s.io/v1
                events.k8s.io/v1
                networking.k8s.io/v1
                rbac.authorization.k8s.io/v1
                v1
                $ kubectl auth whoami
                ATTRIBUTE VALUE
                Username admin
                Groups [system:authenticated system:masters]
                Extra: authentication.kubernetes.io/credential-id [X509SHA256=*]
                $ kubectl auth can-i create services
                yes
                $ kubectl auth can-i --list
                Resources Non-Resource URLs Resource Names Verbs
                *.* [] [] [*]
                [*] [] [*]
                ...
                """);
    }

    @Test
    void objectsComeAndGo() throws Exception {
        Script.play(cluster, """
                $ kubectl create namespace things
                namespace/things created
                $ kubectl create namespace things
                Error from server (AlreadyExists): namespaces "things" already exists
                $ kubectl create configmap colours --from-literal=sky=blue -n things
                configmap/colours created
                $ kubectl get configmap colours -n things -o jsonpath={.data.sky}
                blue
                $ kubectl label configmap colours kind=nature -n things
                configmap/colours labeled
                $ kubectl get cm -n things -l kind=nature -o name
                configmap/colours
                $ kubectl get cm -n things -l kind!=nature -o name
                $ kubectl get cm -n things --field-selector metadata.name=colours -o name
                configmap/colours
                $ kubectl get cm -n things --field-selector data.sky=blue -o name
                Error from server (BadRequest): Unable to find "/v1, Resource=configmaps" that match label selector "", field selector "data.sky=blue": "data.sky" is not a known field selector: only "metadata.name", "metadata.namespace"
                $ kubectl patch cm colours -n things --type=merge -p '{"data":{"sky":"grey","sea":"green"}}'
                configmap/colours patched
                $ kubectl get cm colours -n things -o jsonpath={.data}
                {"sea":"green","sky":"grey"}
                $ kubectl delete cm colours -n things
                configmap "colours" deleted
                $ kubectl get cm colours -n things
                Error from server (NotFound): configmaps "colours" not found
                $ kubectl create cm lost -n nowhere
                error: failed to create configmap: namespaces "nowhere" not found
                $ kubectl get cm -n things
                No resources found in things namespace.
                $ kubectl get doors
                error: the server doesn't have a resource type "doors"
                """);
    }

    @Test
    void onlyTheAdministratorMayAct() throws Exception {
        cluster.writeKubeconfig("guest", java.util.List.of("visitors"));
        Ran refused = cluster.kubectlAs("guest", "get", "services");
        org.assertj.core.api.Assertions.assertThat(refused.err())
                .isEqualToIgnoringNewLines(
                        "Error from server (Forbidden): services is forbidden: User \"guest\" cannot "
                                + "list resource \"services\" in API group \"\" in the namespace \"default\"");
        org.assertj.core.api.Assertions.assertThat(cluster.kubectlAs("guest", "auth", "can-i", "list", "pods")
                        .out())
                .startsWith("no");
    }
}
