package dev.fairway.store.etcd;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where etcd is and how to get in.
///
/// @param endpoints at least one, in the order in which they are tried
/// @param prefix under which all keys lie; begins with a slash and does not end with one
/// @param tls the keys for TLS; empty for a connection in the clear
/// @param user for etcd's own users; empty for none
public record EtcdConfig(List<Endpoint> endpoints, String prefix, Optional<Tls> tls, Optional<User> user) {

    public static final String DEFAULT_PREFIX = "/fairway";

    private static final int CLIENT_PORT = 2379;
    private static final Pattern LOCATION = Pattern.compile("etcd(s?)://([^/]+)(/.*)?");

    public record Endpoint(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /// @param authority the PEM file of the authority that certified the servers; empty for those Java trusts
    /// @param client the PEM files of the client's own certificate and key
    public record Tls(Optional<Path> authority, Optional<ClientKey> client) {}

    public record ClientKey(Path certificate, Path key) {}

    /// @param passwordFile holds the password on its first line, so that it is in no process list
    public record User(String name, Path passwordFile) {}

    public EtcdConfig {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("at least one etcd endpoint is required");
        }
        if (!prefix.matches("(/[A-Za-z0-9._-]+)+")) {
            throw new IllegalArgumentException(
                    "prefix \"" + prefix + "\": expected names such as " + DEFAULT_PREFIX + ", each after a slash");
        }
    }

    public EtcdConfig withTls(Tls keys) {
        return new EtcdConfig(endpoints, prefix, Optional.of(keys), user);
    }

    public EtcdConfig withUser(User who) {
        return new EtcdConfig(endpoints, prefix, tls, Optional.of(who));
    }

    /// Reads `etcd://HOST:PORT,HOST:PORT/prefix`, or `etcds://` for TLS with the authorities that Java trusts. The port
    /// is 2379 and the prefix `/fairway` when not given.
    ///
    /// @throws IllegalArgumentException saying what is wrong
    public static EtcdConfig parse(String location) {
        Matcher match = LOCATION.matcher(location);
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "\"" + location + "\": expected etcd://HOST:PORT, with further endpoints after commas");
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (String text : match.group(2).split(",", -1)) {
            endpoints.add(endpoint(text));
        }
        String path = match.group(3) == null ? "" : match.group(3);
        Optional<Tls> tls =
                match.group(1).isEmpty() ? Optional.empty() : Optional.of(new Tls(Optional.empty(), Optional.empty()));
        return new EtcdConfig(
                endpoints, path.isEmpty() || path.equals("/") ? DEFAULT_PREFIX : path, tls, Optional.empty());
    }

    private static Endpoint endpoint(String text) {
        if (text.contains("@")) {
            throw new IllegalArgumentException(
                    "user and password do not belong into the location: others could see them; give a password file");
        }
        URI uri = URI.create("etcd://" + text.replaceAll("[^A-Za-z0-9.:\\[\\]_-]", "_"));
        if (uri.getHost() == null || !uri.getAuthority().equals(text)) {
            throw new IllegalArgumentException("endpoint \"" + text + "\": expected HOST:PORT");
        }
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        return new Endpoint(host, uri.getPort() < 0 ? CLIENT_PORT : uri.getPort());
    }
}
