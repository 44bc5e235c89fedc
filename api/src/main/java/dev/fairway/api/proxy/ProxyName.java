package dev.fairway.api.proxy;

import java.util.List;
import java.util.Optional;

/// The name in a proxy path: `name`, `name:port` or `scheme:name:port`.
///
/// @param scheme `http` or `https`
/// @param port a number or a port's name; empty for the default
public record ProxyName(String scheme, String name, String port) {

    /// Empty when the text has another form.
    public static Optional<ProxyName> parse(String text) {
        List<String> parts = List.of(text.split(":", -1));
        Optional<ProxyName> name = switch (parts.size()) {
            case 1 -> Optional.of(new ProxyName("http", parts.get(0), ""));
            case 2 -> Optional.of(new ProxyName("http", parts.get(0), parts.get(1)));
            case 3 ->
                Optional.of(new ProxyName(parts.get(0).isEmpty() ? "http" : parts.get(0), parts.get(1), parts.get(2)));
            default -> Optional.empty();
        };
        return name.filter(
                found -> !found.name.isEmpty() && List.of("http", "https").contains(found.scheme));
    }

    boolean isTls() {
        return scheme.equals("https");
    }
}
