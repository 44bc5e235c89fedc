package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.registry.ListQuery;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.Selection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Events through both groups: one object, two forms.
class EventKindsTest {

    private static final String NEW = "'eventTime':'2026-06-01T12:00:00.000001Z','reportingController':'example.com/c',"
            + "'reportingInstance':'c-1','action':'Binding','reason':'Bound','type':'Normal'";

    private final Rig rig = new Rig(ServiceRanges.USUAL);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void whatOneGroupWritesTheOtherShows() {
        rig.create(
                Resource.EVENTS_V1,
                "e",
                "{" + NEW + ",'note':'bound it','regarding':{'kind':'Pod','namespace':'default','name':'p'}}");
        ObjectNode core = rig.get(Resource.EVENTS, "e");
        assertThat(Json.toText(core))
                .contains(
                        "\"apiVersion\":\"v1\"",
                        "\"message\":\"bound it\"",
                        "\"involvedObject\":{\"kind\":\"Pod\"",
                        "\"reportingComponent\":\"example.com/c\"",
                        "\"eventTime\":\"2026-06-01T12:00:00.000001Z\"");
        rig.edit(Resource.EVENTS, "e", event -> event.put("count", 3));
        ObjectNode newer = rig.get(Resource.EVENTS_V1, "e");
        assertThat(Json.toText(newer))
                .contains(
                        "\"apiVersion\":\"events.k8s.io/v1\"",
                        "\"note\":\"bound it\"",
                        "\"regarding\":{\"kind\":\"Pod\"",
                        "\"deprecatedCount\":3");
        assertThat(Tree.text(newer, "metadata", "uid")).isEqualTo(Tree.text(core, "metadata", "uid"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            events.k8s.io | regarding.name=p               | 1
            events.k8s.io | regarding.name=q               | 0
            events.k8s.io | reportingController=example.com/c | 1
            events.k8s.io | reason=Bound,type=Normal       | 1
            ''            | involvedObject.name=p          | 1
            ''            | involvedObject.kind!=Pod       | 0
            ''            | source=example.com/c           | 1
            ''            | reportingComponent=other       | 0
            """)
    void selectableFields(String group, String selector, int found) {
        rig.create(
                Resource.EVENTS_V1, "e", "{" + NEW + ",'regarding':{'kind':'Pod','namespace':'default','name':'p'}}");
        Resource resource = group.isEmpty() ? Resource.EVENTS : Resource.EVENTS_V1;
        assertThat(rig.list(resource, ListQuery.of("default", new Selection("", selector))))
                .hasSize(found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            eventTime           |                       | eventTime: Required value
            type                | 'type':'Bad'          | type: Invalid value: "": has invalid value: Bad
            reportingController |                       | [reportingController: Required value, reportingController: Invalid value: "": name part must be non-empty*
            reportingInstance   |                       | reportingInstance: Required value
            action              |                       | action: Required value
            reason              |                       | reason: Required value
            note                | 'deprecatedCount':1   | count: Invalid value: "": needs to be unset
            note                | 'deprecatedFirstTimestamp':'2026-06-01T12:00:00Z' | firstTimestamp: Invalid value: "": needs to be unset
            note                | 'deprecatedSource':{'component':'x'} | source: Invalid value: "": needs to be unset
            note                | 'series':{'count':1,'lastObservedTime':'2026-06-01T12:00:00.000000Z'} | series.count: Invalid value: "": should be at least 2
            note                | 'series':{'count':2}  | series.lastObservedTime: Required value
            """)
    void theNewerGroupIsStrict(String without, @Nullable String with, String refusal) {
        ObjectNode event = Rig.json("{" + NEW + ",'regarding':{'namespace':'default'}}");
        event.remove(without);
        if (with != null) {
            event.setAll(Rig.json("{" + with + "}"));
        }
        ServiceValidationTest.assertMatches(
                Rig.refusal(() ->
                        rig.create(Resource.EVENTS_V1, "e", Json.toText(event).replace('"', '\''))),
                refusal);
    }

    @Test
    void onlyTheSeriesOfANewEventChanges() {
        rig.create(Resource.EVENTS_V1, "e", "{" + NEW + ",'regarding':{'namespace':'default'}}");
        assertThat(Rig.refusal(() -> rig.edit(Resource.EVENTS_V1, "e", event -> event.put("note", "other"))))
                .isEqualTo("message: Invalid value: \"other\": field is immutable");
        ObjectNode edited = rig.edit(
                Resource.EVENTS_V1,
                "e",
                event -> event.set("series", Rig.json("{'count':2,'lastObservedTime':'2026-06-01T13:00:00.000000Z'}")));
        assertThat(Tree.number(edited, 0, "series", "count")).isEqualTo(2);
    }
}
