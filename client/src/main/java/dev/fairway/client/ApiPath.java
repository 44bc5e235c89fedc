package dev.fairway.client;

import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient.Selection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// The path and query of a request.
record ApiPath(String path, SequencedMap<String, String> query) {

    static ApiPath plain(String path) {
        return new ApiPath(path, new LinkedHashMap<>());
    }

    /// @param namespace empty for all namespaces or a cluster-wide kind
    /// @param name empty for the collection
    static ApiPath of(Resource resource, String namespace, String name) {
        StringBuilder out = new StringBuilder(resource.group().isEmpty() ? "/api/" : "/apis/" + resource.group() + "/");
        out.append(resource.version());
        if (!namespace.isEmpty() && resource.namespaced()) {
            out.append("/namespaces/").append(encode(namespace));
        }
        out.append('/').append(resource.plural());
        if (!name.isEmpty()) {
            out.append('/').append(encode(name));
        }
        return new ApiPath(out.toString(), new LinkedHashMap<>());
    }

    /// @param subresource empty for the object itself
    ApiPath sub(String subresource) {
        return subresource.isEmpty() ? this : new ApiPath(path + "/" + subresource, query);
    }

    ApiPath with(String key, String value) {
        SequencedMap<String, String> more = new LinkedHashMap<>(query);
        more.put(key, value);
        return new ApiPath(path, more);
    }

    ApiPath select(Selection selection) {
        ApiPath labelled = selection.labels().isEmpty() ? this : with("labelSelector", selection.labels());
        return selection.fields().isEmpty() ? labelled : labelled.with("fieldSelector", selection.fields());
    }

    String toText() {
        return query.isEmpty()
                ? path
                : path
                        + query.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                                .collect(Collectors.joining("&", "?", ""));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
