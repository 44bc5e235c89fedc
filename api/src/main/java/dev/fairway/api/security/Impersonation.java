package dev.fairway.api.security;

import dev.fairway.schema.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Acting as somebody else, by `Impersonate-` headers. Each name, group, uid and extra value needs the verb
/// `impersonate` on it.
public record Impersonation(String user, List<String> groups, String uid, SortedMap<String, List<String>> extra) {

    private static final String PREFIX = "impersonate-";
    private static final String EXTRA = "impersonate-extra-";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String GROUP = "authentication.k8s.io";

    public Impersonation {
        groups = List.copyOf(groups);
        extra = new TreeMap<>(extra);
    }

    /// @param headers all of the request, in any case
    public static Impersonation of(Iterable<Map.Entry<String, String>> headers) {
        String user = "";
        String uid = "";
        List<String> groups = new ArrayList<>();
        SortedMap<String, List<String>> extra = new TreeMap<>();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!name.startsWith(PREFIX)) {
                continue;
            }
            switch (name) {
                case "impersonate-user" -> user = header.getValue();
                case "impersonate-uid" -> uid = header.getValue();
                case "impersonate-group" -> groups.add(header.getValue());
                default -> {
                    if (name.startsWith(EXTRA)) {
                        extra.computeIfAbsent(key(name), k -> new ArrayList<>()).add(header.getValue());
                    }
                }
            }
        }
        return new Impersonation(user, groups, uid, extra);
    }

    private static String key(String header) {
        String raw = header.substring(EXTRA.length());
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return raw;
        }
    }

    public boolean isNone() {
        return user.isEmpty() && groups.isEmpty() && uid.isEmpty() && extra.isEmpty();
    }

    /// The user that `real` acts as.
    ///
    /// @throws ApiException when the real user may not, or no user is named
    public User by(User real, Authorizer authorizer) {
        if (user.isEmpty()) {
            throw new ApiException(
                    400, "BadRequest", "requested to impersonate groups, a uid or extra values without a user");
        }
        String[] account = user.split(":", -1);
        boolean isAccount = user.startsWith(ACCOUNT) && account.length == 4;
        if (isAccount) {
            require(real, authorizer, "", "serviceaccounts", "", account[2], account[3]);
        } else {
            require(real, authorizer, "", "users", "", "", user);
        }
        groups.forEach(group -> require(real, authorizer, "", "groups", "", "", group));
        if (!uid.isEmpty()) {
            require(real, authorizer, GROUP, "uids", "", "", uid);
        }
        extra.forEach((key, values) ->
                values.forEach(value -> require(real, authorizer, GROUP, "userextras", key, "", value)));
        return new User(user, uid, allGroups(isAccount ? account[2] : ""), extra);
    }

    private static void require(
            User real,
            Authorizer authorizer,
            String group,
            String plural,
            String subresource,
            String namespace,
            String name) {
        authorizer.require(real, new Access.ToResource("impersonate", group, plural, subresource, namespace, name));
    }

    private List<String> allGroups(String namespace) {
        List<String> all = new ArrayList<>(groups);
        if (all.isEmpty() && !namespace.isEmpty()) {
            all.add("system:serviceaccounts");
            all.add("system:serviceaccounts:" + namespace);
        }
        boolean anonymous = user.equals(User.ANONYMOUS.name());
        String usual = anonymous ? User.UNAUTHENTICATED : User.AUTHENTICATED;
        if (!all.contains(usual) && !(anonymous && all.contains(User.AUTHENTICATED))) {
            all.add(usual);
        }
        return all;
    }
}
