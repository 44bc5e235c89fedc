package dev.fairway.schema.openapi;

import dev.fairway.schema.Json;
import dev.fairway.schema.Types;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// The schema documents that clients read, made from the type table and the list of what is served.
///
/// kubectl needs them for `create`, `apply`, `edit`, `diff` (merge keys, the `fieldValidation` parameter) and
/// `explain` (the texts). Built once; the documents are immutable bytes.
public final class OpenApi {

    /// The Content-Type of `v2Protobuf`. Clients ask for it with an `@` in place of the second last dot, which is no
    /// media type that they could parse.
    public static final String V2_PROTOBUF_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private final SortedMap<String, byte[]> documents;
    private final byte[] index;
    private final byte[] v2Json;
    private final byte[] v2Protobuf;

    private OpenApi(SortedMap<String, byte[]> documents, ObjectNode v2) {
        this.documents = documents;
        this.index = Json.toBytes(index(documents));
        this.v2Json = Json.toBytes(v2);
        this.v2Protobuf = V2Protobuf.encode(v2);
    }

    /// @param serverVersion such as `v1.33.0`, named in the documents
    public static OpenApi of(List<Served> served, String serverVersion) {
        Map<String, List<Served>> byVersion = served.stream()
                .collect(Collectors.groupingBy(one -> one.resource().apiVersion(), TreeMap::new, Collectors.toList()));
        SortedMap<String, byte[]> documents = new TreeMap<>();
        byVersion.forEach(
                (version, list) -> documents.put(path(version), Json.toBytes(document(version, list, serverVersion))));
        return new OpenApi(documents, v2(List.copyOf(byVersion.keySet()), served, serverVersion));
    }

    /// `api/v1` or `apis/GROUP/VERSION`.
    private static String path(String apiVersion) {
        return (apiVersion.contains("/") ? "apis/" : "api/") + apiVersion;
    }

    /// What `/openapi/v3` answers: a relative URL with a hash for each group version, as JSON.
    public byte[] index() {
        return index.clone();
    }

    /// What `/openapi/v3/PATH` answers, as JSON.
    ///
    /// @param path `api/v1` or `apis/GROUP/VERSION`
    public Optional<byte[]> document(String path) {
        return Optional.ofNullable(documents.get(path)).map(byte[]::clone);
    }

    /// The hash that the index names for the document; documents under a right `hash` parameter never change.
    public Optional<String> hash(String path) {
        return Optional.ofNullable(documents.get(path)).map(OpenApi::hashOf);
    }

    /// What `/openapi/v2` answers as JSON.
    public byte[] v2Json() {
        return v2Json.clone();
    }

    /// What `/openapi/v2` answers to Accept `application/com.github.proto-openapi.spec.v2@v1.0+protobuf`.
    public byte[] v2Protobuf() {
        return v2Protobuf.clone();
    }

    private static ObjectNode index(SortedMap<String, byte[]> documents) {
        ObjectNode out = Json.object();
        ObjectNode paths = out.putObject("paths");
        documents.forEach((path, bytes) ->
                paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hashOf(bytes)));
        return out;
    }

    private static String hashOf(byte[] bytes) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static ObjectNode document(String apiVersion, List<Served> served, String serverVersion) {
        ObjectNode out = Json.object().put("openapi", "3.0.0");
        about(out, serverVersion);
        Schemas schemas = new Schemas(Dialect.V3, List.of(apiVersion));
        describe(Dialect.V3, schemas, out, List.of(apiVersion), served);
        out.putObject("components").set("schemas", schemas.toJson());
        return out;
    }

    private static ObjectNode v2(List<String> apiVersions, List<Served> served, String serverVersion) {
        ObjectNode out = Json.object().put("swagger", "2.0");
        about(out, serverVersion);
        Schemas schemas = new Schemas(Dialect.V2, apiVersions);
        describe(Dialect.V2, schemas, out, apiVersions, served);
        out.set("definitions", schemas.toJson());
        return out;
    }

    private static void about(ObjectNode out, String serverVersion) {
        out.putObject("info").put("title", "Kubernetes").put("version", serverVersion);
    }

    private static void describe(
            Dialect dialect, Schemas schemas, ObjectNode out, List<String> apiVersions, List<Served> served) {
        Paths paths = new Paths(dialect, schemas, out.putObject("paths"));
        served.forEach(paths::add);
        Types.kinds().stream()
                .filter(kind -> apiVersions.contains(kind.apiVersion()))
                .forEach(kind -> schemas.reference(kind.type()));
    }
}
