package dev.fairway.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// The inputs that `fuzz-seeds.txt` keeps: good ones, and those that once did harm. A line is a door and the text, in
/// which `\n` is a line's end and `\xNN` a byte.
record FuzzSeeds(List<Seed> seeds) {

    record Seed(FuzzDoor door, byte[] bytes) {}

    static FuzzSeeds read() throws IOException {
        try (InputStream in = Objects.requireNonNull(FuzzSeeds.class.getResourceAsStream("fuzz-seeds.txt"))) {
            return new FuzzSeeds(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(FuzzSeeds::seed)
                    .toList());
        }
    }

    private static Seed seed(String line) {
        String[] parts = line.split(" ", 2);
        return new Seed(FuzzDoor.valueOf(parts[0]), bytes(parts.length == 2 ? parts[1] : ""));
    }

    private static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("\\n", at)) {
                out.write('\n');
                at += 2;
            } else if (text.startsWith("\\x", at)) {
                out.write(HexFormat.fromHexDigits(text, at + 2, at + 4));
                at += 4;
            } else {
                int next = text.offsetByCodePoints(at, 1);
                out.writeBytes(text.substring(at, next).getBytes(StandardCharsets.UTF_8));
                at = next;
            }
        }
        return out.toByteArray();
    }

    /// Writes each seed to a file of the folder, in the form that [FuzzTarget] reads.
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int number = 0;
        for (Seed seed : read().seeds()) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            file.write(List.of(FuzzDoor.values()).indexOf(seed.door()));
            file.writeBytes(seed.bytes());
            Files.write(folder.resolve("seed-" + number++), file.toByteArray());
        }
    }
}
