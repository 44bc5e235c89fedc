package dev.fairway.api;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Applying with kubectl: from the server's side, from the client's side, and from one to the other.
class KubectlApplyTest {

    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stop() throws IOException {
        cluster.close();
    }

    @BeforeEach
    void clear() throws Exception {
        cluster.kubectl("delete", "svc,cm", "--all");
    }

    @Test
    void serverSideApplyMergesRefusesAndForces() throws Exception {
        Script.play(cluster, """
                $ kubectl apply --server-side -f -
                < {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
                <  "spec": {"selector": {"app": "web"}, "ports": [{"port": 53, "protocol": "UDP", "name": "dns"},
                <  {"port": 53, "protocol": "TCP", "name": "dns-tcp"}]}}
                service/web serverside-applied
                Warning: spec.ports: port 53 *
                $ kubectl apply --server-side -f -
                < {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
                <  "spec": {"selector": {"app": "web"}, "ports": [{"port": 53, "protocol": "TCP", "name": "dns-tcp"}]}}
                service/web serverside-applied
                $ kubectl get svc web -o jsonpath={.spec.ports[*].name}
                dns-tcp
                $ kubectl patch svc web -p '{"spec":{"sessionAffinity":"ClientIP"}}'
                service/web patched
                $ kubectl apply --server-side -f -
                < {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
                <  "spec": {"sessionAffinity": "None", "ports": [{"port": 53, "protocol": "TCP", "name": "dns-tcp"}]}}
                error: Apply failed with 1 conflict: conflict with "kubectl-patch" using v1: .spec.sessionAffinity
                Please review the fields above--they currently have other managers. Here
                are the ways you can resolve this warning:
                ...
                $ kubectl apply --server-side --force-conflicts -f -
                < {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
                <  "spec": {"sessionAffinity": "None", "ports": [{"port": 53, "protocol": "TCP", "name": "dns-tcp"}]}}
                service/web serverside-applied
                $ kubectl get svc web -o jsonpath={.spec.selector}{.spec.sessionAffinity}
                None
                $ kubectl get svc web -o yaml
                apiVersion: v1
                ...
                resourceVersion: *
                ...
                $ kubectl get svc web --show-managed-fields -o jsonpath={.metadata.managedFields[*].manager}
                kubectl kubectl-patch
                """);
    }

    @Test
    void anObjectMovesFromClientSideToServerSideAndBack() throws Exception {
        Script.play(cluster, """
                $ kubectl apply -f -
                < {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm"}, "data": {"a": "1", "b": "2"}}
                configmap/cm created
                $ kubectl get cm cm --show-managed-fields -o jsonpath={.metadata.managedFields[*].manager}
                kubectl-client-side-apply
                $ kubectl apply --server-side -f -
                < {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm"}, "data": {"a": "9"}}
                configmap/cm serverside-applied
                $ kubectl get cm cm -o jsonpath={.data}
                {"a":"9"}
                $ kubectl get cm cm --show-managed-fields -o jsonpath={.metadata.managedFields[?(@.manager=="kubectl")].operation}
                Apply
                $ kubectl get cm cm --show-managed-fields -o jsonpath={.metadata.managedFields[*].operation}
                Apply Apply
                $ kubectl apply -f -
                < {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm"}, "data": {"c": "3"}}
                configmap/cm configured
                $ kubectl get cm cm -o jsonpath={.data}
                {"c":"3"}
                """);
    }

    @Test
    void dryRunsAndDiffsChangeNothing() throws Exception {
        Script.play(cluster, """
                $ kubectl create cm cm --from-literal=a=1
                configmap/cm created
                $ kubectl apply --server-side --dry-run=server -f -
                < {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm"}, "data": {"b": "2"}}
                configmap/cm serverside-applied (server dry run)
                $ kubectl diff --server-side -f -
                < {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm"}, "data": {"b": "2"}}
                ...
                + b: "2"
                ...
                $ kubectl get cm cm -o jsonpath={.data}
                {"a":"1"}
                $ kubectl apply --server-side -f -
                < {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm"}, "date": {"b": "2"}}
                Error from server (BadRequest): failed to create typed patch object (default/cm; v1, Kind=ConfigMap): .date: field not declared in schema
                """);
    }
}
