package dev.fairway.schema.oracle;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.Random;
import java.util.TreeMap;

/// Makes random messages of the API's types that are valid and free of zero values, so that nothing of them may get
/// lost on a way through JSON.
public final class RandomMessage {

    private final Random random;
    private final int depth;

    private RandomMessage(Random random, int depth) {
        this.random = random;
        this.depth = depth;
    }

    public static DynamicMessage of(Descriptor type, Random random) {
        return new RandomMessage(random, 0).message(type);
    }

    private DynamicMessage message(Descriptor type) {
        DynamicMessage.Builder out = DynamicMessage.newBuilder(type);
        switch (type.getName()) {
            case "Time" -> time(out, 0);
            case "MicroTime" -> time(out, random.nextInt(1_000_000) * 1000);
            case "Quantity" -> set(out, 1, random.nextInt(1000) + "m");
            case "RawExtension" -> set(out, 1, ByteString.copyFromUtf8("{\"a\":" + random.nextInt(9) + "}"));
            case "FieldsV1" -> set(out, 1, ByteString.copyFromUtf8("{\"f:a\":{}}"));
            case "IntOrString" -> intOrString(out);
            default ->
                type.getFields().stream()
                        .filter(_ -> random.nextInt(depth + 1) < 2)
                        .forEach(field -> fill(out, field));
        }
        return out.build();
    }

    private void time(DynamicMessage.Builder out, int nanos) {
        set(out, 1, random.nextLong(4_000_000_000L));
        set(out, 2, nanos);
    }

    private void intOrString(DynamicMessage.Builder out) {
        boolean text = random.nextBoolean();
        set(out, 1, text ? 1L : 0L);
        set(out, 2, text ? 0 : 1 + random.nextInt(65535));
        set(out, 3, text ? "http" : "");
    }

    private static void set(DynamicMessage.Builder out, int number, Object value) {
        out.setField(out.getDescriptorForType().findFieldByNumber(number), value);
    }

    private void fill(DynamicMessage.Builder out, FieldDescriptor field) {
        if (field.isMapField()) {
            FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
            TreeMap<String, Object> entries = new TreeMap<>();
            for (int left = random.nextInt(3); left > 0; left--) {
                entries.put("key" + random.nextInt(100), value(value));
            }
            entries.forEach((key, entry) -> out.addRepeatedField(field, entry(field, key, entry)));
        } else if (field.isRepeated()) {
            for (int left = random.nextInt(3); left > 0; left--) {
                addUnlessEmpty(out, field, value(field));
            }
        } else if (!(value(field) instanceof Message message)) {
            out.setField(field, value(field));
        } else if (!message.getAllFields().isEmpty()) {
            out.setField(field, message);
        }
    }

    private static void addUnlessEmpty(DynamicMessage.Builder out, FieldDescriptor field, Object value) {
        if (!(value instanceof Message message) || !message.getAllFields().isEmpty()) {
            out.addRepeatedField(field, value);
        }
    }

    private static Message entry(FieldDescriptor field, String key, Object value) {
        DynamicMessage.Builder entry = DynamicMessage.newBuilder(field.getMessageType());
        set(entry, 1, key);
        set(entry, 2, value);
        return entry.build();
    }

    private Object value(FieldDescriptor field) {
        return switch (field.getType()) {
            case STRING -> "text" + random.nextInt(1000) + "ä€😀";
            case BOOL -> true;
            case INT32 -> 1 + random.nextInt(Integer.MAX_VALUE);
            case INT64 -> -1 - random.nextLong(Long.MAX_VALUE);
            case DOUBLE -> random.nextDouble() + 1;
            case BYTES -> ByteString.copyFromUtf8("bytes" + random.nextInt());
            case MESSAGE -> new RandomMessage(random, depth + 1).message(field.getMessageType());
            default -> throw new IllegalStateException(field.getFullName());
        };
    }
}
