package dev.fairway.app;

import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import dev.fairway.store.etcd.EtcdConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Where a cluster keeps its objects: what the command line says, by option name.
///
/// @param location `sqlite`, `memory`, `etcd://HOST:PORT,...` or `etcds://...`
/// @param files paths by the names in {@link #FILE_OPTIONS}
/// @param user etcd's user; empty for none
public record StoreChoice(String location, SequencedMap<String, Path> files, String user) {

    public static final String STORE = "--store";
    public static final String CA = "--etcd-ca";
    public static final String CERTIFICATE = "--etcd-cert";
    public static final String KEY = "--etcd-key";
    public static final String PASSWORD = "--etcd-password-file";
    public static final String USER = "--etcd-user";
    public static final List<String> FILE_OPTIONS = List.of(CA, CERTIFICATE, KEY, PASSWORD);

    /// What is used when nothing was ever said.
    public static final StoreChoice SQLITE = new StoreChoice("sqlite", new TreeMap<>(), "");

    /// @throws CommandException when the location is unknown, a file cannot be read, or an option lacks its partner
    public StoreChoice {
        files = new TreeMap<>(files);
        if (location.startsWith("etcd")) {
            etcd(location, files, user);
        } else if (!location.equals("sqlite") && !location.equals("memory")) {
            throw wrong(STORE, "unknown store \"" + location + "\"; known: sqlite, memory, etcd://HOST:PORT");
        } else if (!files.isEmpty() || !user.isEmpty()) {
            String option = files.isEmpty() ? USER : files.firstEntry().getKey();
            throw wrong(option, "only with " + STORE + " etcd://HOST:PORT");
        }
    }

    /// Whether other servers may use the same objects at the same time.
    public boolean isShared() {
        return location.startsWith("etcd");
    }

    public Store open(StateFolder state) {
        return switch (location) {
            case "sqlite" -> Stores.sqlite(state.store());
            case "memory" -> Stores.memory();
            default -> Stores.etcd(etcd(location, files, user));
        };
    }

    /// The options that say the same.
    public List<String> options() {
        List<String> out = new ArrayList<>(List.of(STORE, location));
        files.forEach((option, path) -> out.addAll(List.of(option, path.toString())));
        if (!user.isEmpty()) {
            out.addAll(List.of(USER, user));
        }
        return out;
    }

    /// What was said at an earlier start of the cluster, so that it need not be said again.
    public static Optional<StoreChoice> kept(StateFolder state) {
        return state.readText(state.storeOptions()).map(text -> {
            List<String> words = text.lines().toList();
            TreeMap<String, Path> files = new TreeMap<>();
            Map<String, String> all = new TreeMap<>();
            for (int i = 0; i + 1 < words.size(); i += 2) {
                all.put(words.get(i), words.get(i + 1));
                if (FILE_OPTIONS.contains(words.get(i))) {
                    files.put(words.get(i), Path.of(words.get(i + 1)));
                }
            }
            return new StoreChoice(all.getOrDefault(STORE, "sqlite"), files, all.getOrDefault(USER, ""));
        });
    }

    /// Keeps the choice for later starts; what is in memory is not there for any.
    public void keep(StateFolder state) {
        if (location.equals("memory")) {
            return;
        }
        state.writeText(state.storeOptions(), String.join("\n", options()) + "\n");
    }

    private static EtcdConfig etcd(String location, SequencedMap<String, Path> files, String user) {
        files.forEach((option, path) -> {
            if (!Files.isReadable(path)) {
                throw wrong(option, "cannot read " + path);
            }
        });
        requireBoth(CERTIFICATE, files.containsKey(CERTIFICATE), KEY, files.containsKey(KEY));
        requireBoth(USER, !user.isEmpty(), PASSWORD, files.containsKey(PASSWORD));
        try {
            EtcdConfig config = EtcdConfig.parse(location);
            if (files.containsKey(CA) || files.containsKey(KEY)) {
                Optional<EtcdConfig.ClientKey> client = file(files, CERTIFICATE)
                        .flatMap(
                                certificate -> file(files, KEY).map(key -> new EtcdConfig.ClientKey(certificate, key)));
                config = config.withTls(new EtcdConfig.Tls(file(files, CA), client));
            }
            Optional<Path> password = file(files, PASSWORD);
            return password.isEmpty() ? config : config.withUser(new EtcdConfig.User(user, password.get()));
        } catch (IllegalArgumentException e) {
            throw wrong(STORE, String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Path> file(SequencedMap<String, Path> files, String option) {
        return Optional.ofNullable(files.get(option));
    }

    private static void requireBoth(String one, boolean hasOne, String other, boolean hasOther) {
        if (hasOne != hasOther) {
            throw wrong(hasOne ? one : other, "needs " + (hasOne ? other : one) + " too");
        }
    }

    private static CommandException wrong(String option, String why) {
        return new CommandException(ExitCode.USAGE, option + ": " + why);
    }
}
