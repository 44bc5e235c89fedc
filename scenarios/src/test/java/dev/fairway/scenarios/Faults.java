package dev.fairway.scenarios;

import java.util.List;
import java.util.stream.Stream;

/// Services with one fault each, in front of the pods of `faults.yaml`.
final class Faults {

    private Faults() {}

    /// @param code that `fairway explain` must give first
    /// @param fact that its evidence must hold
    /// @param symptom what somebody who uses the Service meets
    record Fault(String service, String code, String fact, Symptom symptom, String spec) {}

    /// What a command comes to.
    ///
    /// @param where a pod, or `outside`
    /// @param exits the exit codes that it may end with: of curl 6 is an unknown name, 7 refused, 28 no answer
    record Symptom(String where, List<Integer> exits, String command) {

        private static final String CURL = "curl -s -o /dev/null -m 1 ";

        static Symptom refused(String url) {
            return new Symptom("buyer", List.of(7), CURL + url);
        }

        static Symptom silent(String where, String url) {
            return new Symptom(where, List.of(28), CURL + url);
        }

        static Symptom unknown(String where, String url) {
            return new Symptom(where, List.of(6, 28), CURL + url);
        }

        static Symptom of(int exit, String command) {
            return new Symptom("buyer", List.of(exit), command);
        }
    }

    private static final String TO_WEB = "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]";

    /// Twenty connections, until one does not come about.
    private static final String OFTEN = "for i in $(seq 20); do curl -s -o /dev/null -m 1 http://broad || exit; done";

    /// Whether just one pod answers many requests of one connection.
    private static final String ONE_ANSWERS =
            "test $(curl -s -m 2 $(yes http://long | head -20) | grep ^pod= | sort -u | wc -l) -eq 1";

    /// @param pool how the load balancers' addresses begin
    /// @param node an address outside of a node without a pod of `web`
    static List<Fault> all(String pool, String node) {
        return Stream.of(behind(), ports(), outside(pool, node), clients(), names())
                .flatMap(List::stream)
                .toList();
    }

    private static Fault fault(String service, String code, String fact, Symptom symptom, String spec) {
        return new Fault(service, code, fact, symptom, spec);
    }

    private static List<Fault> behind() {
        return List.of(
                fault(
                        "mistyped",
                        "FW001",
                        "closest labels of a pod: app=web",
                        Symptom.refused("http://mistyped"),
                        "selector: {app: wbe}, ports: [{port: 80, targetPort: 8080}]"),
                fault(
                        "not-ready",
                        "FW002",
                        "pod slow: container slow not ready",
                        Symptom.refused("http://not-ready"),
                        "selector: {app: slow}, ports: [{port: 80, targetPort: 8080}]"),
                fault(
                        "hasty",
                        "FW022",
                        "terminationGracePeriodSeconds: 0 in pods hasty",
                        Symptom.of(0, "curl -s -o /dev/null -m 1 http://hasty"),
                        "selector: {app: hasty}, ports: [{port: 80, targetPort: 8080}]"),
                fault(
                        "stale",
                        "FW022",
                        "slice stale: 192.0.2.9 of pod gone",
                        new Symptom("buyer", List.of(7, 28), "curl -s -m 1 http://stale"),
                        "ports: [{port: 80}]"),
                fault(
                        "by-hand",
                        "FW026",
                        "names in the slices: \"sql\"",
                        Symptom.refused("http://by-hand:5432"),
                        "ports: [{name: postgres, port: 5432}]"),
                fault(
                        "broad",
                        "FW027",
                        "pod strange declares 9090",
                        Symptom.of(7, OFTEN),
                        "selector: {team: shop}, ports: [{port: 80, targetPort: 8080}]"));
    }

    private static List<Fault> ports() {
        return List.of(
                fault(
                        "wrong-port",
                        "FW003",
                        "in pod web wait: TCP [::]:8080",
                        Symptom.refused("http://wrong-port"),
                        "selector: {app: web}, ports: [{port: 80, targetPort: 8081}]"),
                fault(
                        "wrong-name",
                        "FW004",
                        "its pods declare http 8080/TCP",
                        Symptom.refused("http://wrong-name"),
                        "selector: {app: web}, ports: [{port: 80, targetPort: https}]"),
                fault(
                        "loopback",
                        "FW005",
                        "in pod shy wait: TCP 127.0.0.1:8080",
                        Symptom.refused("http://loopback"),
                        "selector: {app: shy}, ports: [{port: 80, targetPort: 8080}]"),
                fault(
                        "other-protocol",
                        "FW007",
                        "in pod dgram wait: UDP [::]:5353",
                        Symptom.refused("http://other-protocol"),
                        "selector: {app: dgram}, ports: [{port: 80, targetPort: 5353}]"),
                fault(
                        "headless-port",
                        "FW023",
                        "spec.ports[0]: port 80, targetPort 8080",
                        Symptom.refused("http://headless-port"),
                        "clusterIP: None, " + TO_WEB),
                fault(
                        "half",
                        "FW029",
                        "in pod half wait: TCP 0.0.0.0:8080",
                        Symptom.of(7, "curl -4 -s -o /dev/null -m 1 http://half && curl -6 -s -m 1 http://half"),
                        "ipFamilyPolicy: RequireDualStack, selector: {app: half}, "
                                + "ports: [{port: 80, targetPort: 8080}]"));
    }

    private static List<Fault> outside(String pool, String node) {
        return List.of(
                fault(
                        "pending",
                        "FW010",
                        "spec.loadBalancerClass: example.com/none",
                        Symptom.of(0, "curl -s -o /dev/null -m 1 http://pending"),
                        "type: LoadBalancer, loadBalancerClass: example.com/none, " + TO_WEB),
                fault(
                        "unanswered",
                        "FW011",
                        "status.loadBalancer.ingress: " + pool + ".14",
                        new Symptom("outside", List.of(7, 28), "curl -s -m 1 http://" + pool + ".14"),
                        "type: LoadBalancer, loadBalancerClass: example.com/none, " + TO_WEB),
                fault(
                        "outside-local",
                        "FW012",
                        "nodes without a ready pod of it: node-2",
                        Symptom.silent("outside", "http://" + node + ":31986"),
                        "type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, "
                                + "ports: [{port: 80, targetPort: 8080, nodePort: 31986}]"),
                fault(
                        "inside-local",
                        "FW013",
                        "nodes without a ready pod of it: node-2",
                        Symptom.silent("buyer", "http://inside-local"),
                        "internalTrafficPolicy: Local, " + TO_WEB),
                fault(
                        "fenced",
                        "FW031",
                        "spec.loadBalancerSourceRanges: 203.0.113.0/24",
                        Symptom.silent("buyer", "http://" + pool + ".13"),
                        "type: LoadBalancer, loadBalancerIP: " + pool
                                + ".13, loadBalancerSourceRanges: [203.0.113.0/24], " + TO_WEB));
    }

    private static List<Fault> clients() {
        return List.of(
                fault(
                        "dialed",
                        "FW008",
                        "pod explain/client, container client, env DIALED: http://dialed:8080",
                        Symptom.refused("http://dialed:8080"),
                        TO_WEB),
                fault(
                        "pinged",
                        "FW009",
                        "pod explain/client, container client, readinessProbe: ping pinged",
                        Symptom.of(1, "ping -c1 -W1 pinged"),
                        TO_WEB),
                fault(
                        "local",
                        "FW014",
                        "env LOCAL: http://localhost:31987",
                        Symptom.refused("http://localhost:31987"),
                        "type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 31987}]"),
                fault(
                        "shut",
                        "FW015",
                        "NetworkPolicies of its pods: shut",
                        Symptom.silent("buyer", "http://shut"),
                        "selector: {app: shut}, ports: [{port: 80, targetPort: 8080}]"),
                fault(
                        "scattered",
                        "FW018",
                        "spec.sessionAffinity: ClientIP",
                        Symptom.of(0, "test $(dig +short scattered.explain.svc.cluster.local | wc -l) -eq 2"),
                        "clusterIP: None, sessionAffinity: ClientIP, selector: {app: pair}, ports: [{port: 8080}]"),
                fault(
                        "long",
                        "FW019",
                        "ready pods: 2",
                        Symptom.of(0, ONE_ANSWERS),
                        "selector: {app: pair}, ports: [{port: 80, targetPort: 8080, appProtocol: kubernetes.io/h2c}]"),
                fault(
                        "kept",
                        "FW034",
                        "runs with -Dsun.net.inetaddr.ttl=-1",
                        Symptom.of(0, "curl -s -o /dev/null -m 1 http://kept:8080"),
                        "clusterIP: None, selector: {app: kept}, ports: [{port: 8080}]"));
    }

    private static List<Fault> names() {
        return List.of(
                fault(
                        "unheard",
                        "FW016",
                        "NetworkPolicies of pod explain/mute with egress: mute",
                        Symptom.unknown("mute", "http://unheard"),
                        TO_WEB),
                fault(
                        "alias-address",
                        "FW024",
                        "spec.externalName: 192.0.2.1",
                        Symptom.of(0, "getent hosts alias-address"),
                        "type: ExternalName, externalName: 192.0.2.1"),
                fault(
                        "alias-loop",
                        "FW024",
                        "explain/alias-loop -> explain/alias-loop",
                        Symptom.unknown("buyer", "http://alias-loop"),
                        "type: ExternalName, externalName: alias-loop.explain.svc.cluster.local"),
                fault(
                        "unknown",
                        "FW025",
                        "pod explain/lost, container lost, env URL: http://unknown",
                        Symptom.unknown("lost", "http://unknown"),
                        TO_WEB),
                fault(
                        "hidden",
                        "FW033",
                        "pod explain/client, hostAliases: 192.0.2.7 hidden",
                        new Symptom("client", List.of(7, 28), "curl -s -m 1 http://hidden"),
                        TO_WEB));
    }
}
