package dev.fairway.schema;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Objects for those who keep whole collections: without `metadata.managedFields`, which is of use to writers only and
/// takes more memory than all the rest, and with one copy of the values that most objects have.
public final class LeanJson {

    private static final String METADATA = "metadata";
    private static final String OWNERS = "managedFields";
    private static final String ITEMS = "items";

    /// Most objects inside an object have one to three fields.
    private static final int FIELDS_EXPECTED = 4;

    private static final String COMMON = """
            v1 apps/v1 discovery.k8s.io/v1 networking.k8s.io/v1 Service Endpoints EndpointSlice Pod Node ReplicaSet \
            IPAddress default kube-system services pods endpoint-controller endpointslice-controller.k8s.io \
            endpointslicemirroring-controller.k8s.io TCP UDP SCTP ClusterIP NodePort LoadBalancer ExternalName Cluster \
            Local None ClientIP SingleStack PreferDualStack RequireDualStack IPv4 IPv6 True False Unknown Running \
            Pending Succeeded Failed Ready ContainersReady Initialized PodScheduled Always Never OnFailure \
            IfNotPresent ClusterFirst BestEffort File RollingUpdate""";

    private static final Nodes NODES = new Nodes();

    private static final JsonMapper MAPPER =
            JsonMapper.builder().nodeFactory(NODES).build();

    /// The names of owned fields hold uids and ports: remembered, they would crowd out those that come again.
    private static final JsonMapper UNKNOWN_NAMES = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build())
            .build();

    private LeanJson() {}

    /// Reads an object as it lies in a store: written by us, without spaces.
    ///
    /// @throws IllegalArgumentException when the bytes are no JSON object
    public static ObjectNode parse(byte[] bytes) {
        return of(Json.parse(MAPPER, OwnersText.split(bytes).rest()));
    }

    /// Reads a list's objects one by one: a page of them as trees takes ten times the memory of its text.
    ///
    /// @param each told of each object, without its managed fields
    /// @return the list without its items
    /// @throws IllegalArgumentException when the bytes are no JSON object, after those before the mistake
    public static ObjectNode parseList(byte[] list, Consumer<ObjectNode> each) {
        ObjectNode rest = Json.object();
        try (JsonParser parser = MAPPER.createParser(list)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a JSON object");
            }
            for (String field = parser.nextName(); field != null; field = parser.nextName()) {
                if (parser.nextToken() == JsonToken.START_ARRAY && field.equals(ITEMS)) {
                    items(parser, each);
                } else {
                    rest.set(field, parser.<JsonNode>readValueAsTree());
                }
            }
            return rest;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void items(JsonParser parser, Consumer<ObjectNode> each) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.<JsonNode>readValueAsTree() instanceof ObjectNode object) {
                each.accept(of(object));
            }
        }
    }

    /// Reads an object as it lies in a store, with its managed fields.
    ///
    /// @throws IllegalArgumentException when the bytes are no JSON object
    public static ObjectNode parseWhole(byte[] bytes) {
        OwnersText text = OwnersText.split(bytes);
        ObjectNode object = Json.parse(text.rest());
        if (text.owners().length > 0) {
            Tree.makeObject(object, METADATA).set(OWNERS, Json.read(UNKNOWN_NAMES, text.owners()));
        }
        return object;
    }

    /// An object that will have few fields and be kept.
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /// The object without its managed fields; what lies deeper is shared with it.
    public static ObjectNode of(ObjectNode object) {
        if (!(object.get(METADATA) instanceof ObjectNode metadata) || !metadata.has(OWNERS)) {
            return object;
        }
        ObjectNode out = shallow(object);
        ObjectNode rest = shallow(metadata);
        rest.remove(OWNERS);
        out.set(METADATA, rest);
        return out;
    }

    private static ObjectNode shallow(ObjectNode object) {
        ObjectNode out = object();
        object.properties().forEach(field -> out.set(field.getKey(), field.getValue()));
        return out;
    }

    private static final class Nodes extends JsonNodeFactory {

        private static final long serialVersionUID = 1;

        private final transient Map<String, StringNode> common = new HashMap<>();

        Nodes() {
            for (String value : COMMON.split(" ")) {
                common.put(value, new StringNode(value));
            }
        }

        @Override
        public ObjectNode objectNode() {
            return new ObjectNode(this, new LinkedHashMap<>(FIELDS_EXPECTED));
        }

        @Override
        public @Nullable StringNode stringNode(@Nullable String text) {
            StringNode known = common.get(text);
            return known == null ? super.stringNode(text) : known;
        }
    }
}
