package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A host, and mostly a port, that a text tells a program to talk to.
///
/// @param word as it is written: `http://web:8080/path`
/// @param port 0 when none is told
/// @param way how sure it is that this is meant
record Dial(String word, String host, int port, Way way) {

    enum Way {
        /// `http://web`
        URL,
        /// `web:8080`, which may mean something else.
        PAIR,
        /// `nc web 8080`
        COMMAND,
        /// `ping web`
        PING
    }

    private static final Pattern WORDS = Pattern.compile("[\\s\"'`,;|&()<>{}=]+");
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:.*@)?(?:\\[(?<v6>[0-9a-f:.]+)]|(?<name>[a-z0-9][a-z0-9.-]*))(?::(?<port>\\d{1,5}))?");
    private static final Pattern PING = Pattern.compile("(?:^|[\\s;&|/])ping6?((?:\\s+[^\\s;&|<>()]+)+)");
    private static final Pattern CONNECT = Pattern.compile("(?:^|[\\s;&|/])(?:nc|ncat|netcat|telnet)(?:\\s+-\\S+)*"
            + "\\s+(?<host>[a-z0-9][a-z0-9.-]*)\\s+(?<port>\\d{1,5})\\b");
    private static final Map<String, Integer> KNOWN = Map.of("http", 80, "https", 443, "ws", 80, "wss", 443);

    /// What a value of the environment tells.
    static List<Dial> inValue(String text) {
        return Stream.of(WORDS.split(text))
                .flatMap(word -> Stream.concat(url(word).stream(), pair(word).stream()))
                .toList();
    }

    /// What a command with its arguments tells.
    static List<Dial> inCommand(String text) {
        List<Dial> out = new ArrayList<>(inValue(text));
        CONNECT.matcher(text)
                .results()
                .map(found -> new Dial(
                        found.group("host") + " " + found.group("port"),
                        found.group("host"),
                        Integer.parseInt(found.group("port")),
                        Way.COMMAND))
                .forEach(out::add);
        PING.matcher(text)
                .results()
                .flatMap(found -> Stream.of(found.group(1).trim().split("\\s+")))
                .filter(word -> !word.startsWith("-"))
                .map(word -> new Dial("ping " + word, word, 0, Way.PING))
                .forEach(out::add);
        return out;
    }

    private static Optional<Dial> url(String word) {
        int scheme = word.lastIndexOf("://");
        if (scheme < 0) {
            return Optional.empty();
        }
        String rest = word.substring(scheme + 3).split("[/?#]", 2)[0];
        int known = KNOWN.getOrDefault(word.substring(0, scheme), 0);
        return authority(word, rest, Way.URL)
                .map(dial -> dial.port() == 0 ? new Dial(word, dial.host(), known, Way.URL) : dial);
    }

    private static Optional<Dial> pair(String word) {
        return word.contains("://")
                ? Optional.empty()
                : authority(word, word.split("/", 2)[0], Way.PAIR).filter(dial -> dial.port() > 0);
    }

    private static Optional<Dial> authority(String word, String text, Way way) {
        Matcher parts = AUTHORITY.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String host = Optional.ofNullable(parts.group("v6")).orElseGet(() -> parts.group("name"));
        int port =
                Optional.ofNullable(parts.group("port")).map(Integer::parseInt).orElse(0);
        return Optional.of(new Dial(word, host, port, way));
    }

    boolean isAddress() {
        return IpAddress.tryParse(host).isPresent();
    }
}
