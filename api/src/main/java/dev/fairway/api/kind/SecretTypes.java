package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the built-in types of Secrets must hold (upstream `ValidateSecret`). Errors never show a Secret's contents.
final class SecretTypes {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ACCOUNT_NAME = "kubernetes.io/service-account.name";
    private static final String USER = "username";
    private static final String PASSWORD = "password";
    private static final String SSH_KEY = "ssh-privatekey";

    private SecretTypes() {}

    static List<Cause> validate(ObjectNode secret) {
        Causes causes = new Causes();
        JsonNode data = Tree.at(secret, "data");
        switch (Tree.text(secret, "type")) {
            case "kubernetes.io/service-account-token" -> {
                if (Meta.annotation(secret, ACCOUNT_NAME).isEmpty()) {
                    causes.required("metadata.annotations[" + ACCOUNT_NAME + "]", "");
                }
            }
            case "kubernetes.io/dockercfg" -> json(data, ".dockercfg", causes);
            case "kubernetes.io/dockerconfigjson" -> json(data, ".dockerconfigjson", causes);
            case "kubernetes.io/basic-auth" -> {
                if (!data.has(USER) && !data.has(PASSWORD)) {
                    require(data, List.of(USER, PASSWORD), causes);
                }
            }
            case "kubernetes.io/ssh-auth" -> {
                if (data.path(SSH_KEY).asString("").isEmpty()) {
                    causes.required("data[" + SSH_KEY + "]", "");
                }
            }
            case "kubernetes.io/tls" -> require(data, List.of("tls.crt", "tls.key"), causes);
            default -> {}
        }
        return causes.list();
    }

    private static void require(JsonNode data, List<String> keys, Causes causes) {
        for (String key : keys) {
            if (!data.has(key)) {
                causes.required("data[" + key + "]", "");
            }
        }
    }

    private static void json(JsonNode data, String key, Causes causes) {
        require(data, List.of(key), causes);
        if (data.has(key) && !isJsonObject(data.path(key).asString(""))) {
            causes.invalid("data[" + key + "]", "<secret contents redacted>", "must be a JSON object");
        }
    }

    private static boolean isJsonObject(String base64) {
        try {
            return JSON.readTree(Base64.getDecoder().decode(base64)).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }
}
