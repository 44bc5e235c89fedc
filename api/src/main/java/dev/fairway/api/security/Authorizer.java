package dev.fairway.api.security;

import java.util.List;
import java.util.Set;

/// Decides what a user may do. For now: everybody in `system:masters` may do everything, everybody may ask how the
/// server is, and who they are themselves; nobody else may do anything.
public final class Authorizer {

    private static final List<String> OPEN_PATHS = List.of("/healthz", "/livez", "/readyz", "/version");
    private static final Set<String> SELF_REVIEWS =
            Set.of("selfsubjectaccessreviews", "selfsubjectreviews", "selfsubjectrulesreviews");

    public boolean allows(User user, Access access) {
        return user.isIn(User.MASTERS)
                || switch (access) {
                    case Access.ToPath path -> isOpen(path.path()) || isDiscovery(user, path.path());
                    case Access.ToResource resource -> !user.isAnonymous() && SELF_REVIEWS.contains(resource.plural());
                };
    }

    /// Paths that need no name.
    public static boolean isOpen(String path) {
        return OPEN_PATHS.stream().anyMatch(open -> path.equals(open) || path.startsWith(open + "/"));
    }

    private static boolean isDiscovery(User user, String path) {
        return !user.isAnonymous()
                && (path.equals("/api")
                        || path.equals("/apis")
                        || path.startsWith("/api/")
                        || path.startsWith("/apis/")
                        || path.startsWith("/openapi/"));
    }

    /// The refusal in the words clients know.
    public static String refusal(User user, Access access) {
        String who = "User \"" + user.name() + "\" cannot " + access.verb();
        return switch (access) {
            case Access.ToPath path -> "forbidden: " + who + " path \"" + path.path() + "\"";
            case Access.ToResource to -> {
                String sub = to.subresource().isEmpty() ? "" : "/" + to.subresource();
                String where = to.namespace().isEmpty()
                        ? "at the cluster scope"
                        : "in the namespace \"" + to.namespace() + "\"";
                yield who + " resource \"" + to.plural() + sub + "\" in API group \"" + to.group() + "\" " + where;
            }
        };
    }
}
