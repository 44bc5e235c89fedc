package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.registry.Section;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.patch.MergePatch;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What becomes of a Service's status, and of what it owns while finalizers hold it.
class ServiceUpdateTest {

    private static final String WEB = "'ports':[{'port':80}]";

    private final Rig rig = new Rig(ServiceRanges.USUAL);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void statusGoesWithTheLoadBalancer() {
        ObjectNode made = rig.service("web", "{'type':'LoadBalancer'," + WEB + "}");
        ObjectNode status = made.deepCopy();
        status.set("status", Rig.json("{'loadBalancer':{'ingress':[{'ip':'203.0.113.7'}]}}"));
        ObjectNode balanced =
                rig.replace(Resource.SERVICES, "web", Section.STATUS, status).object();
        assertThat(Json.toText(balanced.get("status"))).contains("203.0.113.7", "\"ipMode\":\"VIP\"");
        ObjectNode now = rig.patchService("web", "{'type':'ClusterIP'}");
        assertThat(Json.toText(now.get("status"))).isEqualTo("{\"loadBalancer\":{}}");
    }

    /// `MAIN` is a write of the Service, `STATUS` one of its status.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            MAIN   | {'spec':{'sessionAffinity':'ClientIP'}}                             | []
            MAIN   | {'spec':{'sessionAffinity':'None'}}                                 | [fairway.dev/programmed]
            MAIN   | {'metadata':{'labels':{'a':'b'}}}                                   | [fairway.dev/programmed]
            MAIN   | {'metadata':{'labels':{'service.kubernetes.io/service-proxy-name':'x'}}} | []
            MAIN   | {'metadata':{'annotations':{'a':'b'}}}                              | [fairway.dev/programmed]
            MAIN   | {'metadata':{'annotations':{'fairway.dev/balancing':'random'}}}     | []
            STATUS | {'status':{'loadBalancer':{'ingress':[{'ip':'203.0.113.7'}]}}}      | []
            STATUS | {'metadata':{'annotations':{'a':'b'}}}                              | [fairway.dev/programmed]
            """)
    void theConditionGoesWithWhatMeansSomethingToNodes(Section section, String patch, String conditions) {
        ObjectNode service =
                rig.service("web", "{'type':'LoadBalancer'," + WEB + "}").deepCopy();
        Tree.makeArray(Tree.makeObject(service, "status"), "conditions")
                .add(Rig.json("{'type':'fairway.dev/programmed','status':'True','reason':'Programmed','message':'',"
                        + "'lastTransitionTime':'2026-01-01T00:00:00Z'}"));
        ObjectNode changed = rig.replace(Resource.SERVICES, "web", Section.STATUS, service)
                .object()
                .deepCopy();
        assertThat(types(changed)).containsExactly("fairway.dev/programmed");
        ObjectNode asked = MergePatch.apply(changed, Rig.json(patch));

        ObjectNode now = rig.replace(Resource.SERVICES, "web", section, asked).object();

        assertThat(types(now)).hasToString(conditions);
    }

    private static List<String> types(ObjectNode service) {
        return Tree.objects(service, "status", "conditions").stream()
                .map(condition -> Tree.text(condition, "type"))
                .toList();
    }

    @Test
    void aStatusUpdateChangesLabelsTooButNotTheSpec() {
        ObjectNode service = rig.service("web", "{'type':'LoadBalancer'," + WEB + "}");
        ObjectNode changed = service.deepCopy();
        Tree.makeObject(changed, "spec").put("type", "NodePort");
        Tree.makeObject(changed, "metadata", "labels").put("a", "b");
        changed.set("status", Rig.json("{'loadBalancer':{'ingress':[{'ip':'203.0.113.7'}]}}"));
        ObjectNode now =
                rig.replace(Resource.SERVICES, "web", Section.STATUS, changed).object();
        assertThat(now.get("spec")).isEqualTo(service.get("spec"));
        assertThat(Meta.labels(now)).containsEntry("a", "b");
    }

    @Test
    void anAddressThatStoodInTheStatusStaysAccepted() {
        ObjectNode service =
                rig.service("web", "{'type':'LoadBalancer'," + WEB + "}").deepCopy();
        service.set("status", Rig.json("{'loadBalancer':{'ingress':[{'ip':'203.0.113.7'},{'ip':'203.0.113.8'}]}}"));
        rig.replace(Resource.SERVICES, "web", Section.STATUS, service);
        service.set("status", Rig.json("{'loadBalancer':{'ingress':[{'ip':'203.0.113.8'}]}}"));
        ObjectNode now =
                rig.replace(Resource.SERVICES, "web", Section.STATUS, service).object();
        assertThat(Json.toText(now.get("status"))).contains("203.0.113.8").doesNotContain("203.0.113.7");
    }

    @ParameterizedTest
    @EnumSource(
            value = Section.class,
            names = {"MAIN", "STATUS"})
    void finalizersHoldWhatTheServiceOwnsAndTheLastOneReleasesIt(Section section) {
        ObjectNode made = rig.create(
                Resource.SERVICES,
                "web",
                "{'metadata':{'finalizers':['a.b/one','a.b/two']},'spec':{'type':'LoadBalancer',"
                        + "'externalTrafficPolicy':'Local','ipFamilyPolicy':'PreferDualStack'," + WEB + "}}");
        rig.create(Resource.ENDPOINTS, "web", "{}");
        List<String> held = rig.allocations();
        assertThat(held).hasSize(4);
        rig.delete(Resource.SERVICES, "web");
        assertThat(rig.allocations()).isEqualTo(held);
        finalizers(made, section, "a.b/two");
        assertThat(rig.allocations()).isEqualTo(held);
        finalizers(made, section);
        assertThat(rig.allocations()).isEmpty();
        assertThat(Rig.refusal(() -> rig.get(Resource.SERVICES, "web"))).contains("not found");
        assertThat(Rig.refusal(() -> rig.get(Resource.ENDPOINTS, "web"))).contains("not found");
    }

    private void finalizers(ObjectNode service, Section section, String... rest) {
        ObjectNode changed = service.deepCopy();
        ArrayNode list = Tree.makeObject(changed, "metadata").putArray("finalizers");
        List.of(rest).forEach(list::add);
        rig.replace(Resource.SERVICES, "web", section, changed);
    }

    @Test
    void aServiceThatIsBeingDeletedMayStillChangeItsType() {
        rig.create(
                Resource.SERVICES,
                "web",
                "{'metadata':{'finalizers':['a.b/one']},'spec':{'type':'NodePort'," + WEB + "}}");
        rig.delete(Resource.SERVICES, "web");
        rig.patchService("web", "{'type':'ClusterIP'}");
        assertThat(rig.allocations()).hasSize(1);
        rig.patchService("web", "{'type':'ExternalName','externalName':'a.b'}");
        assertThat(rig.allocations()).isEmpty();
    }

    @Test
    void everyWriteOfASpecCountsAGeneration() {
        ObjectNode made = rig.service("web", "{" + WEB + "}");
        ObjectNode same = rig.putService("web", "{" + WEB + "}");
        ObjectNode changed = rig.patchService("web", "{'type':'NodePort'}");
        assertThat(List.of(made, same, changed))
                .extracting(service -> Tree.number(service, 0, "metadata", "generation"))
                .containsExactly(1L, 1L, 2L);
    }
}
