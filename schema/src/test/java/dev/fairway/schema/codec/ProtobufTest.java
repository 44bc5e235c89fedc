package dev.fairway.schema.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Shape;
import dev.fairway.schema.Types;
import dev.fairway.schema.oracle.Descriptors;
import dev.fairway.schema.oracle.RandomMessage;
import io.kubernetes.client.proto.IntStr.IntOrString;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime.TypeMeta;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.kubernetes.client.proto.V1;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ProtobufTest {

    private static final byte[] MAGIC = {'k', '8', 's', 0};

    static Stream<Types.Kind> kinds() {
        return Types.kinds().stream();
    }

    private static byte[] envelope(String version, String kind, ByteString raw) {
        TypeMeta type =
                TypeMeta.newBuilder().setApiVersion(version).setKind(kind).build();
        byte[] unknown =
                Unknown.newBuilder().setTypeMeta(type).setRaw(raw).build().toByteArray();
        byte[] out = Arrays.copyOf(MAGIC, MAGIC.length + unknown.length);
        System.arraycopy(unknown, 0, out, MAGIC.length, unknown.length);
        return out;
    }

    private static Unknown opened(byte[] bytes) throws InvalidProtocolBufferException {
        assertThat(Arrays.copyOf(bytes, 4)).isEqualTo(MAGIC);
        return Unknown.parseFrom(ByteBuffer.wrap(bytes, 4, bytes.length - 4));
    }

    private static ObjectNode decode(byte[] bytes) {
        Decoder.Expected any = new Decoder.Expected("v1", "Service");
        return Decoder.decode(bytes, Format.PROTOBUF, any, FieldValidation.STRICT)
                .object();
    }

    /// Oracle bytes -> our tree -> our bytes -> oracle: nothing may change on the way.
    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindComesThroughUnchanged(Types.Kind kind) throws InvalidProtocolBufferException {
        long seed = kind.kind().hashCode();
        Random random = new Random(seed);
        String version = kind.apiVersion().equals("*") ? "v1" : kind.apiVersion();
        for (int round = 0; round < 30; round++) {
            DynamicMessage message =
                    RandomMessage.of(Descriptors.message(kind.type().name()), random);
            ObjectNode tree = decode(envelope(version, kind.kind(), message.toByteString()));
            Unknown back = opened(Protobuf.encode(tree));
            assertThat(back.getTypeMeta().getKind()).isEqualTo(kind.kind());
            assertThat(back.getTypeMeta().getApiVersion()).isEqualTo(version);
            assertThat(DynamicMessage.parseFrom(Descriptors.message(kind.type().name()), back.getRaw()))
                    .as("seed %d round %d, tree %s", seed, round, tree)
                    .isEqualTo(message);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 300})
    void aListOfMessagesIsTheListOfTheirObjects(int count) throws IOException {
        ObjectNode list = Json.parse("""
                {"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {"resourceVersion": "7"}}""");
        List<ObjectNode> items = IntStream.range(0, count)
                .mapToObj(i -> Json.parse("""
                        {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "a%d"}, "data": {"b": "%s"}}
                        """.formatted(i, "x".repeat(i))))
                .toList();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Protobuf.writeList(list, items.stream().map(Protobuf::message).toList(), out);
        items.forEach(list.putArray("items")::add);
        assertThat(out.toByteArray()).isEqualTo(Protobuf.encode(list));
    }

    /// What kubectl sends for `create service nodeport web --tcp=80:8080`: Go writes plain fields even when zero.
    @Test
    void aServiceAsGoWritesItHasNoEmptyFields() {
        V1.Service service = V1.Service.newBuilder()
                .setMetadata(Meta.ObjectMeta.newBuilder()
                        .setName("web")
                        .setGenerateName("")
                        .setNamespace("default")
                        .setGeneration(0)
                        .setCreationTimestamp(Meta.Time.newBuilder())
                        .putLabels("app", "web"))
                .setSpec(V1.ServiceSpec.newBuilder()
                        .setType("NodePort")
                        .setClusterIP("")
                        .setHealthCheckNodePort(0)
                        .setPublishNotReadyAddresses(false)
                        .setAllocateLoadBalancerNodePorts(false)
                        .putSelector("app", "web")
                        .addPorts(V1.ServicePort.newBuilder()
                                .setName("80-8080")
                                .setProtocol("TCP")
                                .setPort(80)
                                .setTargetPort(IntOrString.newBuilder()
                                        .setType(0)
                                        .setIntVal(8080)
                                        .setStrVal(""))
                                .setNodePort(0)))
                .setStatus(V1.ServiceStatus.newBuilder().setLoadBalancer(V1.LoadBalancerStatus.newBuilder()))
                .build();
        assertThat(Json.toText(decode(envelope("v1", "Service", service.toByteString()))))
                .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"web\","
                        + "\"namespace\":\"default\",\"labels\":{\"app\":\"web\"}},\"spec\":{\"ports\":[{\"name\":"
                        + "\"80-8080\",\"protocol\":\"TCP\",\"port\":80,\"targetPort\":8080}],\"selector\":{\"app\":"
                        + "\"web\"},\"type\":\"NodePort\",\"allocateLoadBalancerNodePorts\":false}}");
    }

    @Test
    void aPodIsReadByTheOracleAsItWasWritten() throws InvalidProtocolBufferException {
        ObjectNode pod = Json.parse("""
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "a", "creationTimestamp": "2026-01-02T03:04:05Z"},
                 "spec": {
                   "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}],
                   "containers": [{"name": "c",
                     "livenessProbe": {"httpGet": {"port": "http", "path": "/"}, "periodSeconds": 5},
                     "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]}]},
                 "status": {"podIPs": [{"ip": "10.0.0.1"}]}}""");
        V1.Pod read = V1.Pod.parseFrom(opened(Protobuf.encode(pod)).getRaw());
        V1.Container container = read.getSpec().getContainers(0);
        assertThat(read.getMetadata().getCreationTimestamp().getSeconds()).isEqualTo(1767323045);
        assertThat(read.getSpec()
                        .getVolumes(0)
                        .getVolumeSource()
                        .getEmptyDir()
                        .getSizeLimit()
                        .getString())
                .isEqualTo("1Gi");
        assertThat(container
                        .getLivenessProbe()
                        .getHandler()
                        .getHttpGet()
                        .getPort()
                        .getStrVal())
                .isEqualTo("http");
        assertThat(container
                        .getEnv(0)
                        .getValueFrom()
                        .getSecretKeyRef()
                        .getLocalObjectReference()
                        .getName())
                .isEqualTo("s");
        assertThat(read.getStatus().getPodIPs(0).getIp()).isEqualTo("10.0.0.1");
    }

    @Test
    void aWatchFrameHoldsAnEvent() throws InvalidProtocolBufferException {
        ObjectNode object = Json.parse("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"a\":\"b\"}}");
        byte[] frame = Protobuf.watchFrame("ADDED", object);
        assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(frame.length - 4);
        Meta.WatchEvent event = Meta.WatchEvent.parseFrom(ByteBuffer.wrap(frame, 4, frame.length - 4));
        assertThat(event.getType()).isEqualTo("ADDED");
        byte[] inner = event.getObject().getRaw().toByteArray();
        assertThat(V1.ConfigMap.parseFrom(opened(inner).getRaw()).getDataMap()).containsEntry("a", "b");
    }

    @Test
    void deleteOptionsMayComeInAnyGroup() {
        Meta.DeleteOptions options = Meta.DeleteOptions.newBuilder()
                .setGracePeriodSeconds(0)
                .setPropagationPolicy("Background")
                .build();
        assertThat(Json.toText(decode(envelope("discovery.k8s.io/v1", "DeleteOptions", options.toByteString()))))
                .isEqualTo("{\"apiVersion\":\"discovery.k8s.io/v1\",\"kind\":\"DeleteOptions\","
                        + "\"gracePeriodSeconds\":0,\"propagationPolicy\":\"Background\"}");
    }

    @Test
    void aKindWithoutProtobufFormIsRefused() {
        ObjectNode table = Json.parse("{\"apiVersion\":\"meta.k8s.io/v1\",\"kind\":\"Table\"}");
        assertThat(Protobuf.canEncode(table)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Protobuf.encode(table))
                .withMessageContaining("Table");
    }

    /// Messages that nest in themselves would let a body overflow the stack.
    @Test
    void noTypeNestsInItself() {
        Types.all().forEach(type -> nested(type, List.of()));
    }

    private static void nested(ObjectType type, List<ObjectType> outer) {
        assertThat(outer).doesNotContain(type);
        List<ObjectType> path = Stream.concat(outer.stream(), Stream.of(type)).toList();
        if (path.size() < 3) {
            type.wireFields().forEach(field -> message(field.shape(), path));
        }
    }

    private static void message(Shape shape, List<ObjectType> path) {
        switch (shape) {
            case Shape.Message message -> nested(Types.named(message.type()), path);
            case Shape.ListOf list -> message(list.element(), path);
            case Shape.MapOf map -> message(map.value(), path);
            case Shape.Scalar _, Shape.Special _ -> {}
        }
    }

    @Test
    void damagedBytesAreRefusedAndNothingElse() {
        long seed = 20260101;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            DynamicMessage pod = RandomMessage.of(V1.Service.getDescriptor(), random);
            byte[] bytes = envelope("v1", "Service", pod.toByteString());
            for (int left = 1 + random.nextInt(4); left > 0; left--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            bytes = Arrays.copyOf(bytes, bytes.length - random.nextInt(3));
            try {
                Protobuf.encode(decode(bytes));
            } catch (ApiException e) {
                assertThat(e.code()).as("seed %d round %d", seed, round).isEqualTo(400);
            }
        }
    }

    @Test
    void aBodyWithoutTheMagicBytesIsRefused() {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> decode("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .withMessageContaining("does not begin with");
    }
}
