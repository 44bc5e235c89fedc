package dev.fairway.schema.oracle;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Developer tool: writes `types.txt`, the machine-read part of the type table, from the descriptors. Run it with the
/// room's folder as argument after a change of `kinds.txt` or of the client's version; the diff is the review.
public final class TypeTableWriter {

    private static final String HEAD = """
            # Message types of the served kinds: per field its JSON name, protobuf number and type.
            # Written by TypeTableWriter from the descriptors of the official Java client; do not edit.
            """;

    private TypeTableWriter() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0], "src/main/resources/dev/fairway/schema");
        Files.writeString(folder.resolve("types.txt"), table(Files.readAllLines(folder.resolve("kinds.txt"))));
    }

    /// The whole text, for the kinds in the lines of `kinds.txt`.
    public static String table(List<String> kinds) {
        SortedMap<String, Descriptor> reached = new TreeMap<>();
        kinds.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> reach(Descriptors.message(line.split(" ")[2]), reached));
        StringBuilder out = new StringBuilder(HEAD);
        String group = "";
        for (Descriptor message : reached.values()) {
            String name = Descriptors.apiName(message);
            String prefix = name.substring(0, name.lastIndexOf('.'));
            if (!prefix.equals(group)) {
                out.append("\nin ").append(prefix).append('\n');
                group = prefix;
            }
            out.append('\n').append(message.getName()).append('\n');
            for (FieldDescriptor field : message.getFields()) {
                out.append(line(field, prefix));
            }
        }
        return out.toString();
    }

    private static String line(FieldDescriptor field, String group) {
        String type = Descriptors.typeText(field).replace(group + ".", "");
        return "  " + field.getName() + " " + field.getNumber() + " " + type + "\n";
    }

    private static void reach(Descriptor message, SortedMap<String, Descriptor> reached) {
        boolean known = reached.putIfAbsent(Descriptors.apiName(message), message) != null;
        if (known) {
            return;
        }
        for (FieldDescriptor field : message.getFields()) {
            FieldDescriptor element =
                    field.isMapField() ? field.getMessageType().findFieldByNumber(2) : field;
            if (element.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                reach(element.getMessageType(), reached);
            }
        }
    }
}
