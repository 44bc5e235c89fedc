package dev.fairway.schema.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import dev.fairway.schema.Types;
import dev.fairway.schema.apply.Owner.Operation;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Owners of fields through creations, replacements and patches.
class TrackingTest {

    /// Compared with what a Kubernetes 1.33 server answers to `kubectl expose`.
    @Test
    void aCreatedServiceIsOwnedAsUpstreamOwnsIt() {
        ObjectNode made = Story.play("v1", "Service", """
                kubectl-expose creates {"metadata":{"labels":{"app":"web"}},"spec":{"internalTrafficPolicy":"Cluster","ports":[{"port":80,"protocol":"TCP","targetPort":80}],"selector":{"app":"web"},"sessionAffinity":"None","type":"ClusterIP"},"status":{"loadBalancer":{}}}
                """);
        assertThat(Tree.at(made, "metadata", "managedFields").toString()).isEqualTo("""
                [{"manager":"kubectl-expose","operation":"Update","apiVersion":"v1","time":"1970-01-01T00:00:01Z",\
                "fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},\
                "f:spec":{"f:internalTrafficPolicy":{},"f:ports":{".":{},"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":\
                {".":{},"f:port":{},"f:protocol":{},"f:targetPort":{}}},"f:selector":{},"f:sessionAffinity":{},\
                "f:type":{}}}}]""");
    }

    /// Compared with what a Kubernetes 1.33 server answers to `kubectl create deployment`.
    @Test
    void aCreatedDeploymentIsOwnedAsUpstreamOwnsIt() {
        ObjectNode made = Story.play("apps/v1", "Deployment", """
                kubectl-create creates {"metadata":{"labels":{"app":"web"}},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"nginx","image":"nginx"}],"securityContext":{}}}}}
                """);
        assertThat(Tree.at(made, "metadata", "managedFields")
                        .path(0)
                        .path("fieldsV1")
                        .toString())
                .isEqualTo("""
                {"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:strategy":\
                {"f:rollingUpdate":{".":{},"f:maxSurge":{},"f:maxUnavailable":{}},"f:type":{}},"f:template":\
                {"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\\"name\\":\\"nginx\\"}":\
                {".":{},"f:image":{},"f:name":{},"f:resources":{}}},"f:securityContext":{}}}}}""");
    }

    @Test
    void whoeverChangesAFieldOwnsItAlone() {
        Story.play("v1", "ConfigMap", """
                ann creates {"data":{"a":"1","b":"2"}}
                bob updates {"data":{"b":"3","c":"4"}}
                ann updated .data .data.a
                bob updated .data.b .data.c
                cat updates {"data":{"a":null}}
                ann updated .data
                cat updated
                ann updates {"data":{"c":"4"}}
                ann updated .data
                """);
    }

    @Test
    void aWriteThatChangesNothingChangesNoOwnerAndNoTime() {
        ObjectNode before = Story.play("v1", "ConfigMap", "ann creates {\"data\":{\"a\":\"1\"}}");
        ObjectNode after = Story.play("v1", "ConfigMap", """
                ann creates {"data":{"a":"1"}}
                ann puts {"data":{"a":"1"}}
                bob updates {"data":{"a":"1"}}
                """);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void applyingTheSameAgainChangesNoTime() {
        ObjectNode before = Story.play("v1", "ConfigMap", "ann applies {\"data\":{\"a\":\"1\"}}");
        ObjectNode after = Story.play("v1", "ConfigMap", """
                ann applies {"data":{"a":"1"}}
                ann applies {"data":{"a":"1"}}
                """);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void clearedOwnersStayCleared() {
        Story.play("v1", "ConfigMap", """
                ann creates {"data":{"a":"1"}}
                ann updates {"metadata":{"managedFields":[]}}
                nobody is tracked
                bob updates {"data":{"a":"2"}}
                nobody is tracked
                """);
    }

    @Test
    void statedOwnersCountUnlessTheyAreBrokenOrCameThroughASubresource() {
        String stated = "{\"metadata\":{\"managedFields\":[{\"manager\":\"eve\",\"operation\":\"Update\","
                + "\"apiVersion\":\"v1\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:data\":{\"f:a\":{}}}}]}}";
        Story.play(
                "v1",
                "ConfigMap",
                "ann creates {\"data\":{\"a\":\"1\"}}\nann updates " + stated + "\neve updated .data.a\nann updated");
        Story.play(
                "v1",
                "ConfigMap",
                "ann creates {\"data\":{\"a\":\"1\"}}\nann updates " + stated.replace("FieldsV1", "FieldsV9")
                        + "\nann updated .data .data.a");
        Story.play(
                "v1",
                "Service",
                "ann creates {\"spec\":{\"type\":\"NodePort\"}}\nann/status updates " + stated
                        + "\nann updated .spec.type");
    }

    @Test
    void theOldestUpdatersAreFoldedIntoOne() {
        StringBuilder story = new StringBuilder("u00 creates {\"data\":{\"k00\":\"\"}}\n");
        for (int i = 1; i < 14; i++) {
            story.append("u%02d updates {\"data\":{\"k%02d\":\"\"}}\n".formatted(i, i));
        }
        ObjectNode object = Story.play("v1", "ConfigMap", story.toString());
        assertThat(Tree.at(object, "metadata", "managedFields")).hasSize(OwnerCap.UPDATERS_MAX);
        assertThat(Story.fields(object, OwnerCap.BUCKET, Operation.UPDATE).paths())
                .containsExactly(".data", ".data.k00", ".data.k01", ".data.k02", ".data.k03", ".data.k04");
        assertThat(Story.fields(object, "u05", Operation.UPDATE).paths()).containsExactly(".data.k05");
    }

    @Test
    void entriesOfAListThatShareAKeyAreComparedTogether() {
        Story.play("v1", "Pod", """
                ann creates {"spec":{"containers":[{"name":"c","env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]}]}}
                bob updates {"spec":{"containers":[{"name":"c","env":[{"name":"A","value":"1"},{"name":"A","value":"3"}]}]}}
                bob updated .spec.containers[name="c"].env[name="A"]
                """);
    }

    @Test
    void timesAloneMakeNoDifference() {
        Tracked tracked = new Tracked(Types.of("v1", "ConfigMap"), Set.of());
        ObjectNode one = Json.parse("{\"metadata\":{\"name\":\"a\"},\"data\":{\"a\":\"1\"}}");
        ObjectNode other = one.deepCopy();
        Tracking.create(tracked, one, new Author("ann", "v1", "", Instant.ofEpochSecond(1)));
        Tracking.create(tracked, other, new Author("ann", "v1", "", Instant.ofEpochSecond(2)));
        assertThat(one).isNotEqualTo(other);
        assertThat(Tracking.sameButForTimes(one, other)).isTrue();
        other.put("x", 1);
        assertThat(Tracking.sameButForTimes(one, other)).isFalse();
    }
}
