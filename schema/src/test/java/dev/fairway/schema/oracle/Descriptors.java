package dev.fairway.schema.oracle;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.IntStr;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Resource;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Discovery;
import io.kubernetes.client.proto.V1Events;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import java.util.List;

/// The protobuf descriptors of the Kubernetes API, as the official Java client ships them: the oracle of the type
/// table.
public final class Descriptors {

    private static final List<FileDescriptor> FILES = List.of(
            V1.getDescriptor(),
            V1Apps.getDescriptor(),
            V1Authentication.getDescriptor(),
            V1Authorization.getDescriptor(),
            V1Autoscaling.getDescriptor(),
            V1Coordination.getDescriptor(),
            V1Discovery.getDescriptor(),
            V1Events.getDescriptor(),
            V1Networking.getDescriptor(),
            V1Policy.getDescriptor(),
            V1Rbac.getDescriptor(),
            Meta.getDescriptor(),
            Resource.getDescriptor(),
            IntStr.getDescriptor(),
            Runtime.getDescriptor());

    private Descriptors() {}

    /// @param name the API's name, such as `io.k8s.api.core.v1.Service`
    public static Descriptor message(String name) {
        String proto = name.replaceFirst("^io\\.k8s\\.", "k8s.io.");
        return FILES.stream()
                .flatMap(file -> file.getMessageTypes().stream())
                .filter(message -> message.getFullName().equals(proto))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no descriptor of " + name));
    }

    /// The API's name of a message.
    public static String apiName(Descriptor message) {
        return message.getFullName().replaceFirst("^k8s\\.io\\.", "io.k8s.");
    }

    /// The field's type as the table writes it: `string`, `[]string`, `{}string`, or the API's name of a message.
    public static String typeText(FieldDescriptor field) {
        if (field.isMapField()) {
            return "{}" + elementText(field.getMessageType().findFieldByNumber(2));
        }
        return (field.isRepeated() ? "[]" : "") + elementText(field);
    }

    private static String elementText(FieldDescriptor field) {
        return switch (field.getType()) {
            case STRING -> "string";
            case BOOL -> "bool";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case DOUBLE -> "double";
            case BYTES -> "bytes";
            case MESSAGE -> apiName(field.getMessageType());
            default -> throw new IllegalStateException(field.getFullName() + " has the new type " + field.getType());
        };
    }
}
