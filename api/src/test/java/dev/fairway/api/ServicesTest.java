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

    private static final String MANIFEST = """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
            spec:
              selector: {app: web}
              ports:
              - name: http
                port: 80
            """;

    private static String session(String manifest, String rest) {
        String input = manifest.lines().map(line -> "< " + line + "\n").reduce("", String::concat);
        return rest.replace("<manifest>\n", input);
    }

    @Test
    void manifestsAreCreatedAppliedAndReplaced() throws Exception {
        Script.play(cluster, session(MANIFEST, """
                $ kubectl apply -f -
                <manifest>
                service/web created
                $ kubectl apply -f -
                <manifest>
                service/web unchanged
                $ kubectl create -f -
                <manifest>
                Error from server (AlreadyExists): error when creating "STDIN": services "web" already exists
                """));
        Script.play(cluster, session(MANIFEST.replace("80", "8080"), """
                $ kubectl diff -f -
                <manifest>
                ...
                $ kubectl apply -f - --dry-run=server
                <manifest>
                service/web configured (server dry run)
                $ kubectl apply -f -
                <manifest>
                service/web configured
                $ kubectl get service web -o jsonpath={.spec.ports[*].port}
                8080
                $ kubectl replace -f -
                <manifest>
                service/web replaced
                $ kubectl replace --force -f -
                <manifest>
                service "web" deleted
                service/web replaced
                $ kubectl delete -f -
                <manifest>
                service "web" deleted
                """));
    }

    @Test
    void aManifestWithAMistakeIsRefused() throws Exception {
        Script.play(cluster, session(MANIFEST.replace("selector", "selectr"), """
                $ kubectl apply -f -
                <manifest>
                Error from server (BadRequest): error when creating "STDIN": Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "spec.selectr"
                """));
    }

    @Test
    void fieldsAreExplained() throws Exception {
        Script.play(cluster, """
                $ kubectl explain service.spec.clusterIP
                KIND: Service
                VERSION: v1
                FIELD: clusterIP <string>
                ...
                """);
    }
}
