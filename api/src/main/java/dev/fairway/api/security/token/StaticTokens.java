package dev.fairway.api.security.token;

import dev.fairway.api.security.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Tokens from a file of lines `token,user,uid,"group1,group2"`. Only their hashes are kept: a look-up by hash also
/// takes the same time for every wrong token.
public final class StaticTokens {

    public static final StaticTokens NONE = new StaticTokens(Map.of());

    private final Map<String, User> users;

    private StaticTokens(Map<String, User> users) {
        this.users = Map.copyOf(users);
    }

    /// @throws IOException naming the file and line that is wrong
    public static StaticTokens read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Map<String, User> users = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            List<String> fields = fields(line);
            if (fields.size() < 3 || fields.get(0).isEmpty() || fields.get(1).isEmpty()) {
                throw new IOException("token file " + file + " line " + (i + 1)
                        + ": expected token,user,uid and optionally \"group1,group2\"");
            }
            if (users.put(hash(fields.get(0)), user(fields)) != null) {
                throw new IOException("token file " + file + " line " + (i + 1) + ": this token is there twice");
            }
        }
        return new StaticTokens(users);
    }

    private static User user(List<String> fields) {
        List<String> groups = new ArrayList<>();
        if (fields.size() > 3) {
            for (String group : fields.get(3).split(",")) {
                if (!group.isBlank()) {
                    groups.add(group.strip());
                }
            }
        }
        return User.authenticated(fields.get(1), fields.get(2), groups, new TreeMap<>());
    }

    /// The fields of a CSV line; quotes keep commas together, two quotes stand for one.
    private static List<String> fields(String line) {
        List<String> out = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                out.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        out.add(field.toString().strip());
        return out;
    }

    Optional<User> verify(String token) {
        return Optional.ofNullable(users.get(hash(token)));
    }

    private static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /// The tokens are left out: this text may reach a log.
    @Override
    public String toString() {
        return "StaticTokens[" + users.size() + "]";
    }
}
