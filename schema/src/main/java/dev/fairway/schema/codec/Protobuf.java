package dev.fairway.schema.codec;

import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Tree;
import dev.fairway.schema.Types;
import dev.fairway.schema.wire.WireWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Objects in the protobuf form of the API: four magic bytes `k8s\0`, then a `runtime.Unknown` message that names
/// version and kind and holds the object's own message.
public final class Protobuf {

    private static final byte[] MAGIC = {'k', '8', 's', 0};

    /// The types with fields that hold objects of any kind.
    private static final Set<String> HOLDERS = Set.of("List", "WatchEvent");

    private static final int TYPE_META = 1;
    private static final int RAW = 2;
    private static final int CONTENT_TYPE = 4;
    private static final int LIST_ITEMS = 2;
    private static final int WATCH_TYPE = 1;
    private static final int WATCH_OBJECT = 2;

    private Protobuf() {}

    public static boolean isEnveloped(byte[] bytes) {
        return bytes.length >= MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /// Whether the object's kind has a protobuf form. (`Table`, for one, has none.)
    public static boolean canEncode(ObjectNode object) {
        return typeOf(object).isPresent();
    }

    private static Optional<ObjectType> typeOf(ObjectNode object) {
        return Types.find(Tree.text(object, "apiVersion"), Tree.text(object, "kind"));
    }

    /// Writes any object or list that says its `apiVersion` and `kind`; fields that its type lacks are left out.
    ///
    /// @throws IllegalArgumentException when the kind has no protobuf form
    public static byte[] encode(ObjectNode object) {
        WireWriter out = new WireWriter();
        envelope(object, out);
        return out.toBytes();
    }

    /// Writes only the object's message, as it stands within the message of a list.
    ///
    /// @throws IllegalArgumentException when the kind has no protobuf form
    public static byte[] message(ObjectNode object) {
        WireWriter out = new WireWriter();
        new ProtobufEncoder(out).message(object, requireType(object));
        return out.toBytes();
    }

    /// Writes an object whose message is at hand.
    ///
    /// @param message as `message` gives it
    public static byte[] envelope(String apiVersion, String kind, byte[] message) {
        WireWriter out = new WireWriter();
        out.textField(CONTENT_TYPE, "");
        out.bytesField(RAW, message);
        close(apiVersion, kind, out);
        return out.toBytes();
    }

    /// Writes a list whose items' messages are at hand.
    ///
    /// @param list kind, version and metadata, without items
    public static void writeList(ObjectNode list, List<byte[]> items, OutputStream out) throws IOException {
        byte[] metadata = message(list);
        long length = metadata.length;
        for (byte[] item : items) {
            length += WireWriter.fieldSize(item.length);
        }
        WireWriter head = new WireWriter();
        head.bytes(metadata);
        head.openField(RAW, length);
        close(Tree.text(list, "apiVersion"), Tree.text(list, "kind"), head);
        out.write(head.toBytes());
        WireWriter begin = new WireWriter();
        for (byte[] item : items) {
            begin.clear();
            begin.openField(LIST_ITEMS, item.length);
            out.write(begin.toBytes());
            out.write(item);
        }
        begin.clear();
        begin.textField(CONTENT_TYPE, "");
        out.write(begin.toBytes());
    }

    /// Writes one event of a protobuf watch stream: four bytes of length (big endian), then a `WatchEvent`.
    ///
    /// @param type `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`
    /// @throws IllegalArgumentException when the object's kind has no protobuf form
    public static byte[] watchFrame(String type, ObjectNode object) {
        WireWriter out = new WireWriter();
        envelope(object, out);
        out.closeField(1, 0);
        out.closeField(WATCH_OBJECT, 0);
        out.textField(WATCH_TYPE, type);
        out.bytes(ByteBuffer.allocate(4).putInt(out.size()).array());
        return out.toBytes();
    }

    private static void envelope(ObjectNode object, WireWriter out) {
        out.textField(CONTENT_TYPE, "");
        int raw = out.size();
        new ProtobufEncoder(out).message(object, requireType(object));
        out.closeField(RAW, raw);
        close(Tree.text(object, "apiVersion"), Tree.text(object, "kind"), out);
    }

    private static ObjectType requireType(ObjectNode object) {
        return typeOf(object)
                .orElseThrow(() -> new IllegalArgumentException("kind " + Tree.text(object, "kind") + " of "
                        + Tree.text(object, "apiVersion") + " has no protobuf form"));
    }

    /// Writes what stands before the object's own message.
    private static void close(String version, String kind, WireWriter out) {
        int meta = out.size();
        out.textField(2, kind);
        out.textField(1, version);
        out.closeField(TYPE_META, meta);
        out.bytes(MAGIC);
    }

    /// Reads an enveloped object into a tree, not yet checked.
    ///
    /// @param expected what the object is if the envelope does not say
    /// @throws DecodeException when the bytes hold no object of a known kind
    static ObjectNode decode(byte[] bytes, Decoder.Expected expected) {
        return decode(bytes, expected, true);
    }

    /// Reads an object within another, which may hold no third: nesting is bounded.
    static ObjectNode decodeInner(byte[] bytes) {
        return decode(bytes, new Decoder.Expected("", ""), false);
    }

    private static ObjectNode decode(byte[] bytes, Decoder.Expected expected, boolean outer) {
        if (!isEnveloped(bytes)) {
            throw new DecodeException("protobuf: the body does not begin with the bytes \"k8s\" and 0");
        }
        Envelope envelope = Envelope.read(new WireReader(Arrays.copyOfRange(bytes, MAGIC.length, bytes.length)));
        String version = envelope.version.isEmpty() ? expected.apiVersion() : envelope.version;
        String kind = envelope.kind.isEmpty() ? expected.kind() : envelope.kind;
        ObjectType type = Types.find(version, kind)
                .orElseThrow(() ->
                        new DecodeException("no kind \"" + kind + "\" is registered for version \"" + version + "\""));
        boolean holdsObjects = HOLDERS.contains(type.shortName());
        if (holdsObjects && !outer) {
            throw new DecodeException("protobuf: a " + type.shortName() + " within another object");
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("apiVersion", version).put("kind", kind);
        ProtobufDecoder.message(new WireReader(envelope.raw), type, out);
        return out;
    }

    /// What `runtime.Unknown` says.
    private record Envelope(String version, String kind, byte[] raw) {

        static Envelope read(WireReader in) {
            Envelope out = new Envelope("", "", new byte[0]);
            while (in.next()) {
                switch (in.number()) {
                    case TYPE_META -> out = out.withType(in.nested());
                    case RAW -> out = new Envelope(out.version, out.kind, in.bytesField());
                    case CONTENT_TYPE -> checkContentType(in.textField());
                    default -> in.skip();
                }
            }
            return out;
        }

        private Envelope withType(WireReader in) {
            String version = "";
            String kind = "";
            while (in.next()) {
                switch (in.number()) {
                    case 1 -> version = in.textField();
                    case 2 -> kind = in.textField();
                    default -> in.skip();
                }
            }
            return new Envelope(version, kind, raw);
        }

        private static void checkContentType(String contentType) {
            if (!contentType.isEmpty() && !contentType.equals(Format.PROTOBUF.mediaType())) {
                throw new DecodeException("protobuf: the envelope holds " + contentType + ", expected protobuf");
            }
        }
    }
}
