package dev.fairway.app.page;

import dev.fairway.app.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The secret that opens the page. It is made once and stays in the state folder, where only root reads it.
final class PageToken {

    private static final int BYTES = 24;

    private PageToken() {}

    static String of(StateFolder state) {
        Path file = state.pageToken();
        return state.readText(file)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElseGet(() -> made(file));
    }

    private static String made(Path file) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, token + "\n");
            return token;
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }
}
