package dev.fairway.api;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Services as kubectl users meet them.
class ServicesTest {

    private Cluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.start();
    }

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    @Test
    void aServiceIsMadePatchedAndDeleted() throws Exception {
        Script.play(cluster, """
                $ kubectl create service clusterip web --tcp=80:8080
                service/web created
                $ kubectl get service web -o jsonpath={.spec.type}/{.spec.ports[0].targetPort}/{.spec.sessionAffinity}
                ClusterIP/8080/None
                $ kubectl patch service web -p '{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}}'
                service/web patched
                $ kubectl get service web -o jsonpath={.spec.type}/{.spec.ports[*].nodePort}/{.spec.ports[*].targetPort}
                NodePort/30080/8080
                $ kubectl patch service web --type=json -p '[{"op":"replace","path":"/spec/ports/0/nodePort","value":80}]'
                The Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 80: *
                $ kubectl create service nodeport twin --tcp=80 --node-port=30080
                error: failed to create NodePort service: Service "twin" is invalid: spec.ports[0].nodePort: *
                $ kubectl set selector service web app=web
                service/web selector updated
                $ kubectl annotate service web note=mine
                service/web annotated
                $ kubectl get service web -o jsonpath={.spec.selector}{.metadata.annotations.note}
                {"app":"web"}mine
                $ kubectl delete service web
                service "web" deleted
                $ kubectl create service nodeport twin --tcp=80 --node-port=30080
                service/twin created
                $ kubectl create service externalname out --external-name=example.org
                service/out created
                $ kubectl delete services --all
                service "out" deleted
                service "twin" deleted
                """);
    }

    @Test
    void dryRunsLeaveNothing() throws Exception {
        Script.play(cluster, """
                $ kubectl create service clusterip web --tcp=80 --dry-run=server
                service/web created (server dry run)
                $ kubectl get services
                No resources found in default namespace.
                $ kubectl create service clusterip web --tcp=80
                service/web created
                $ kubectl delete service web --dry-run=server
                service "web" deleted (server dry run)
                $ kubectl get services -o name
                service/web
                """);
    }
}
