package dev.fairway.control.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.loop.FixedSnapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.patch.MergePatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Pods, a Service and its slices on the left, the writes on the right. Slices hold at most three endpoints.
///
/// Pods: `a` is ready, `a-` is not, `a~` is ending, `a@9090` gives the named port another number than 8080.
/// Slices: `s1[8080]:a,b-`; `s1*` carries old labels, `s1^` belongs to a Service of the same name that is gone.
class SliceTableTest {

    private static final Pattern POD = Pattern.compile("([a-z])(?:@(\\d+))?([-~]?)");
    private static final Pattern SLICE = Pattern.compile("(\\w+)([*^]?)\\[(\\d*)]:(.*)");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', useHeadersInDisplayName = true, textBlock = """
        rule                                  | pods          | service                                  | slices                       | writes
        a placeholder for no pods             |               |                                          |                              | create []:
        the placeholder stays                 |               |                                          | s1[]:                        |
        the placeholder becomes a slice       | a             |                                          | s1[]:                        | update s1[8080]:a
        first pods                            | a b           |                                          |                              | create [8080]:a,b
        more pods than a slice holds          | a b c d       |                                          |                              | create [8080]:a,b,c; create [8080]:d
        as wanted                             | a b-          |                                          | s1[8080]:a,b-                |
        a pod becomes unready in place        | a- b          |                                          | s1[8080]:a,b                 | update s1[8080]:a-,b
        a pod begins to end                   | a~ b          |                                          | s1[8080]:a,b                 | update s1[8080]:a~,b
        a pod is gone                         | b             |                                          | s1[8080]:a,b                 | update s1[8080]:b
        the last pod is gone                  |               |                                          | s1[8080]:a                   | update s1[]:
        a new pod takes the best fit          | a b c d       |                                          | s1[8080]:a s2[8080]:b,c      | update s2[8080]:b,c,d
        a changed slice is filled first       | a- b c d      |                                          | s1[8080]:a s2[8080]:b,c      | update s1[8080]:a-,d
        a full slice is left alone            | a b c d       |                                          | s1[8080]:a,b,c               | create [8080]:d
        two numbers for one name              | a b@9090      | {"spec":{"ports":[{"name":"http","port":80,"targetPort":"web"}]}} | | create [8080]:a; create [9090]:b
        another number: the slice is recycled | a@9090        | {"spec":{"ports":[{"name":"http","port":80,"targetPort":"web"}]}} | s1[8080]:a | update s1[9090]:a
        other labels on the Service           | a             | {"metadata":{"labels":{"team":"red"}}}   | s1[8080]:a                   | update s1[8080]:a
        labels changed by hand                | a             |                                          | s1*[8080]:a                  | update s1[8080]:a
        a slice of the Service's predecessor  | a             |                                          | s1^[8080]:a                  | create [8080]:a; delete s1
        endpoints added by hand               | a             |                                          | s1[8080]:a,z                 | update s1[8080]:a
        a slice emptied by hand               | a             |                                          | s1[8080]:                    | update s1[8080]:a
        one port set too many                 | a             |                                          | s1[8080]:a s2[9090]:b        | delete s2
        no selector: slices stay              | a             | {"spec":{"selector":null}}               | s1[8080]:b                   |
        ExternalName: slices stay             | a             | {"spec":{"type":"ExternalName"}}         | s1[8080]:b                   |
        the Service is being deleted          | a             | {"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"}} |             |
        headless without ports                | a             | {"spec":{"clusterIP":"None","ports":null}} |                            | create []:a
        two families                          | a             | {"spec":{"ipFamilies":["IPv6","IPv4"]}}  | s1[8080]:a                   | create []:
        a family is gone                      | a             | {"spec":{"ipFamilies":["IPv6"]}}         | s1[8080]:a                   | create []:; delete s1
        """)
    void writesFollow(String rule, String pods, String service, String slices, String writes) {
        ObjectNode web = MergePatch.apply(SERVICE, Json.parse(Objects.requireNonNullElse(service, "{}")));
        FixedSnapshot snapshot = new FixedSnapshot()
                .with(Resource.SERVICES, List.of(web))
                .with(Resource.NODES, List.of(NODE))
                .with(Resource.PODS, words(pods).map(SliceTableTest::pod).toList())
                .with(
                        Resource.ENDPOINT_SLICES,
                        words(slices).map(SliceTableTest::slice).toList());
        List<Write> decided = new EndpointSliceController(3)
                .decide(snapshot, new WorkKey(Resource.SERVICES, "shop", "web"), Instant.EPOCH)
                .writes();
        assertThat(decided.stream().map(SliceTableTest::text).collect(Collectors.joining("; ")))
                .as(rule)
                .isEqualTo(Objects.requireNonNullElse(writes, ""));
    }

    private static final ObjectNode NODE =
            Json.parse("{\"metadata\": {\"name\": \"n1\", \"labels\": {\"topology.kubernetes.io/zone\": \"z1\"}}}");

    private static final ObjectNode SERVICE = Json.parse("""
        {"metadata": {"namespace": "shop", "name": "web", "uid": "u-web", "labels": {"team": "blue"}},
         "spec": {"clusterIP": "10.96.0.5", "ipFamilies": ["IPv4"], "selector": {"app": "web"},
                  "ports": [{"name": "http", "protocol": "TCP", "port": 80, "targetPort": 8080}]}}""");

    private static Stream<String> words(String text) {
        return text == null ? Stream.of() : Stream.of(text.split(" +"));
    }

    private static ObjectNode pod(String word) {
        Matcher form = POD.matcher(word);
        assertThat(form.matches()).as(word).isTrue();
        String letter = form.group(1);
        ObjectNode pod = Json.parse("""
            {"metadata": {"namespace": "shop", "name": "%1$s", "uid": "u-%1$s", "labels": {"app": "web"}},
             "spec": {"nodeName": "n1", "containers": [{"ports": [{"name": "web", "containerPort": %2$s}]}]},
             "status": {"phase": "Running", "podIP": "%3$s", "conditions": [{"type": "Ready", "status": "%4$s"}]}}
            """.formatted(
                        letter,
                        Objects.requireNonNullElse(form.group(2), "8080"),
                        address(letter),
                        form.group(3).equals("-") ? "False" : "True"));
        if (form.group(3).equals("~")) {
            Tree.makeObject(pod, "metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        }
        return pod;
    }

    private static String address(String letter) {
        return "10.244.1." + (letter.charAt(0) - 'a' + 1);
    }

    private static ObjectNode slice(String word) {
        Matcher form = SLICE.matcher(word);
        assertThat(form.matches()).as(word).isTrue();
        ObjectNode slice = Json.parse("""
            {"metadata": {"namespace": "shop", "name": "%s",
              "labels": {"kubernetes.io/service-name": "web", "team": "%s",
                         "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"},
              "ownerReferences": [{"apiVersion": "v1", "kind": "Service", "name": "web", "uid": "%s"}]},
             "addressType": "IPv4", "endpoints": [], "ports": []}""".formatted(
                        form.group(1),
                        form.group(2).equals("*") ? "old" : "blue",
                        form.group(2).equals("^") ? "u-former" : "u-web"));
        if (!form.group(3).isEmpty()) {
            Tree.makeArray(slice, "ports").add(Json.parse("""
                {"name": "http", "protocol": "TCP", "port": %s}""".formatted(form.group(3))));
        }
        for (String entry : form.group(4).split(",")) {
            if (!entry.isEmpty()) {
                EndpointShape shape = new EndpointShape(SERVICE);
                Tree.makeArray(slice, "endpoints")
                        .add(shape.of(pod(entry), java.util.Optional.of(NODE), address(entry)));
            }
        }
        return slice;
    }

    private static String text(Write write) {
        return switch (write) {
            case Write.Create it -> "create " + contents(it.object());
            case Write.Update it -> "update " + Meta.name(it.object()) + contents(it.object());
            case Write.Delete it -> "delete " + it.key().name();
            default -> throw new AssertionError("unexpected " + write);
        };
    }

    private static String contents(ObjectNode slice) {
        String ports = Tree.objects(slice, "ports").stream()
                .map(port -> Long.toString(Tree.number(port, 0, "port")))
                .collect(Collectors.joining(","));
        List<String> endpoints = new ArrayList<>();
        for (ObjectNode endpoint : Tree.objects(slice, "endpoints")) {
            String mark = Tree.flag(endpoint, "conditions", "terminating")
                    ? "~"
                    : Tree.flag(endpoint, "conditions", "ready") ? "" : "-";
            endpoints.add(Tree.text(endpoint, "targetRef", "name") + mark);
        }
        return "[" + ports + "]:" + String.join(",", endpoints);
    }
}
