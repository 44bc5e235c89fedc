package dev.fairway.api.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The old paths of watches, `/api/v1/watch/services` and `/api/v1/watch/namespaces/default/services/web`: what they
/// mean in the words of today, a list with `watch=true`.
///
/// @param path percent-encoded
/// @param query the text after the `?`; may be empty
record WatchPaths(String path, String query) {

    private static final Pattern OLD = Pattern.compile("(/api/[^/]+|/apis/[^/]+/[^/]+)/watch/(.+)");
    private static final Pattern ONE = Pattern.compile("(namespaces/[^/]+/[^/]+|[^/]+)/([^/]+)");
    private static final Pattern COLLECTION_IN_NAMESPACE = Pattern.compile("namespaces/[^/]+/[^/]+");

    /// Other paths stay as they are.
    static WatchPaths modern(String path, String query) {
        Matcher old = OLD.matcher(path);
        if (!old.matches()) {
            return new WatchPaths(path, query);
        }
        String rest = old.group(2);
        String asked = query.isEmpty() ? "" : query + "&";
        Matcher one = ONE.matcher(rest);
        if (one.matches() && !COLLECTION_IN_NAMESPACE.matcher(rest).matches()) {
            String name = "fieldSelector=metadata.name%3D" + one.group(2);
            return new WatchPaths(old.group(1) + "/" + one.group(1), asked + "watch=true&" + name);
        }
        return new WatchPaths(old.group(1) + "/" + rest, asked + "watch=true");
    }
}
