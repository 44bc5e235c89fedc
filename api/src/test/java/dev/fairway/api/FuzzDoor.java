package dev.fairway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.FieldSelector;
import dev.fairway.schema.Json;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Types;
import dev.fairway.schema.codec.Decoded;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.FieldValidation;
import dev.fairway.schema.codec.Format;
import dev.fairway.schema.codec.Protobuf;
import dev.fairway.schema.patch.PatchKind;
import dev.fairway.schema.patch.Patches;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// A way by which bytes of strangers come in. Whatever they are, they are taken or refused with an [ApiException];
/// anything else that is thrown is a finding. What was taken obeys a law: written and read again it is the same.
enum FuzzDoor {
    JSON {
        @Override
        void take(byte[] bytes) {
            decode(bytes, Format.JSON);
        }
    },
    YAML {
        @Override
        void take(byte[] bytes) {
            decode(bytes, Format.YAML);
        }
    },
    PROTOBUF {
        @Override
        void take(byte[] bytes) {
            decode(bytes, Format.PROTOBUF);
        }
    },
    JSON_PATCH {
        @Override
        void take(byte[] bytes) {
            patch(bytes, PatchKind.JSON);
        }
    },
    MERGE_PATCH {
        @Override
        void take(byte[] bytes) {
            patch(bytes, PatchKind.MERGE);
        }
    },
    STRATEGIC_PATCH {
        @Override
        void take(byte[] bytes) {
            patch(bytes, PatchKind.STRATEGIC);
        }
    },
    LABEL_SELECTOR {
        @Override
        void take(byte[] bytes) {
            LabelSelector selector = parsed(LabelSelector::parse, bytes);
            same(selector.toText(), LabelSelector.parse(selector.toText()).toText());
        }
    },
    FIELD_SELECTOR {
        @Override
        void take(byte[] bytes) {
            FieldSelector selector = parsed(FieldSelector::parse, bytes);
            same(selector.toText(), FieldSelector.parse(selector.toText()).toText());
        }
    },
    HTTP {
        @Override
        void take(byte[] bytes) {
            FuzzServer.RUNNING.send(bytes);
        }

        @Override
        boolean isRemote() {
            return true;
        }
    },
    /// What stands between the method and the version of a request: path and parameters, however broken.
    TARGET {
        @Override
        void take(byte[] bytes) {
            FuzzServer.RUNNING.ask(bytes);
        }

        @Override
        boolean isRemote() {
            return true;
        }
    };

    private static final Decoder.Expected SERVICE = new Decoder.Expected("v1", "Service");

    private static final String PATCHED = """
            {"apiVersion": "v1", "kind": "Service",
             "metadata": {"name": "web", "labels": {"a": "b", "c": "d"}, "finalizers": ["x.org/y"]},
             "spec": {"type": "NodePort", "clusterIP": "10.96.0.7", "clusterIPs": ["10.96.0.7"],
                      "selector": {"app": "web"},
                      "ports": [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": 8080},
                                {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": "dns"}]}}
            """;

    /// @throws ApiException when they are refused
    abstract void take(byte[] bytes);

    /// Whether a request is made for each input, which takes its time.
    boolean isRemote() {
        return false;
    }

    /// Taken or refused; all the same to whoever looks for crashes.
    final void knock(byte[] bytes) {
        try {
            take(bytes);
        } catch (ApiException refused) {
            if (refused.code() >= 500) {
                throw new AssertionError(this + " failed inside", refused);
            }
        }
    }

    /// A text that is no selector is refused with the exception that the parsers declare.
    private static <T> T parsed(Function<String, T> parser, byte[] bytes) {
        try {
            return parser.apply(new String(bytes, UTF_8));
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "BadRequest", String.valueOf(e.getMessage()));
        }
    }

    private static void decode(byte[] bytes, Format format) {
        FieldValidation mode = bytes.length % 2 == 0 ? FieldValidation.STRICT : FieldValidation.WARN;
        lawOf(Decoder.decode(bytes, format, SERVICE, mode));
    }

    private static void lawOf(Decoded decoded) {
        ObjectNode object = decoded.object();
        byte[] json = Json.toBytes(object);
        same(
                object,
                Decoder.decode(json, Format.JSON, SERVICE, FieldValidation.STRICT)
                        .object());
        if (Protobuf.canEncode(object)) {
            // Protobuf knows no empty object and writes times in full, so the first passage may change the form.
            ObjectNode once = throughProtobuf(object);
            same(once, throughProtobuf(once));
        }
    }

    private static ObjectNode throughProtobuf(ObjectNode object) {
        byte[] bytes = Protobuf.encode(object);
        return Decoder.decode(bytes, Format.PROTOBUF, SERVICE, FieldValidation.STRICT)
                .object();
    }

    private static void patch(byte[] bytes, PatchKind kind) {
        ObjectNode before = Json.parse(PATCHED);
        ObjectNode object = before.deepCopy();
        ObjectNode after =
                Patches.apply(kind, object, Decoder.untyped(bytes, Format.JSON).tree(), Types.of("v1", "Service"));
        same(before, object);
        lawOf(Decoder.conform(after, SERVICE, FieldValidation.STRICT));
    }

    private static void same(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("written and read again\n" + expected + "\nis\n" + actual);
        }
    }
}
