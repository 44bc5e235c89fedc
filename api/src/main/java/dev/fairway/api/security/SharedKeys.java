package dev.fairway.api.security;

import dev.fairway.api.security.token.TokenKeys;
import dev.fairway.schema.Json;
import dev.fairway.store.Store;
import dev.fairway.store.Store.Change;
import dev.fairway.store.Store.CommitResult;
import dev.fairway.store.Store.Entry;
import dev.fairway.store.Store.Guard;
import dev.fairway.store.Store.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The keys that all servers of one cluster have in common, the authority's and those that sign tokens. They lie in the
/// store beside the objects; each server's folder has a copy. What one server changes in its folder the others take
/// over, and of two changes at once the first counts.
public final class SharedKeys {

    /// Outside of all collections: it is no object and nobody gets it by the API.
    private static final String KEY = "/keys";

    private static final Pattern SHARED = Pattern.compile("ca(-next|-old)?\\.(crt|key)|sa(-[A-Za-z0-9._-]+)?\\.key");
    private static final Set<String> NEEDED = Set.of("ca.crt", "ca.key", "sa.key");

    /// Tells by a hash what the folder is a copy of.
    private static final String COPY_OF = "shared.sha256";

    private final Store store;
    private final Path folder;

    private SharedKeys(Store store, Path folder) {
        this.store = store;
        this.folder = folder;
    }

    /// Fills the folder with the cluster's keys; the first server gives its own, and makes them if it has none.
    ///
    /// @throws IOException naming the file that cannot be read or written
    public static SharedKeys open(Store store, Path folder, InstantSource clock) throws IOException {
        SharedKeys keys = new SharedKeys(store, KeyFolder.open(folder).path());
        store.catchUp();
        if (store.get(KEY).isEmpty()) {
            CertificateAuthority.open(folder, clock);
            TokenKeys.open(folder);
        }
        keys.sync();
        return keys;
    }

    /// Takes over what another server has changed, else gives away what was changed here.
    ///
    /// @throws IOException naming the file that cannot be read or written
    public void sync() throws IOException {
        do {
            store.catchUp();
        } while (!settle(store.get(KEY)));
    }

    /// @return false when another server was faster
    private boolean settle(Optional<Entry> shared) throws IOException {
        SortedMap<String, String> mine = read();
        boolean whole = mine.keySet().containsAll(NEEDED);
        if (shared.isPresent() && !(whole && isCopyOf(shared.get().value()))) {
            take(shared.get().value(), mine);
            return true;
        }
        byte[] text = toBytes(mine);
        return shared.filter(entry -> Arrays.equals(entry.value(), text)).isPresent() || give(shared, text);
    }

    private boolean give(Optional<Entry> shared, byte[] text) throws IOException {
        Guard unchanged =
                shared.<Guard>map(entry -> new Guard.At(KEY, entry.revision())).orElse(new Guard.Absent(KEY));
        Transaction change = new Transaction(List.of(unchanged), List.of(new Change.Put(KEY, text)));
        boolean given = store.commit(change) instanceof CommitResult.Done;
        if (given) {
            remember(text);
        }
        return given;
    }

    private SortedMap<String, String> read() throws IOException {
        SortedMap<String, String> out = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (SHARED.matcher(name).matches()) {
                    out.put(name, Files.readString(file));
                }
            }
        }
        return out;
    }

    private void take(byte[] shared, SortedMap<String, String> mine) throws IOException {
        SortedMap<String, String> wanted = new TreeMap<>();
        Json.parse(shared)
                .properties()
                .forEach(file -> wanted.put(file.getKey(), file.getValue().asString()));
        for (String name : mine.keySet()) {
            if (!wanted.containsKey(name)) {
                Files.delete(folder.resolve(name));
            }
        }
        for (var file : wanted.entrySet()) {
            // Names come from other servers: nothing outside of the folder is written.
            if (SHARED.matcher(file.getKey()).matches() && !file.getValue().equals(mine.get(file.getKey()))) {
                SecretFile.write(folder.resolve(file.getKey()), file.getValue());
            }
        }
        remember(shared);
    }

    private static byte[] toBytes(SortedMap<String, String> files) {
        ObjectNode out = Json.object();
        files.forEach(out::put);
        return Json.toBytes(out);
    }

    private boolean isCopyOf(byte[] shared) throws IOException {
        Path file = folder.resolve(COPY_OF);
        return Files.exists(file) && Files.readString(file).strip().equals(hash(shared));
    }

    private void remember(byte[] shared) throws IOException {
        SecretFile.write(folder.resolve(COPY_OF), hash(shared) + "\n");
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
