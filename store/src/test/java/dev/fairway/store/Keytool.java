package dev.fairway.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Keys and certificates for a test, made by openssl.
final class Keytool {

    private final Path folder;

    Keytool(Path folder) {
        this.folder = folder;
    }

    Path certificate(String name) {
        return folder.resolve(name + ".crt");
    }

    Path key(String name) {
        return folder.resolve(name + ".key");
    }

    void authority(String name) throws Exception {
        run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=%1$s -keyout %2$s -out %3$s"
                .formatted(name, key(name), certificate(name)));
    }

    void issue(String name, String authority) throws Exception {
        Path request = folder.resolve(name + ".csr");
        Path names = Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=IP:127.0.0.1\n");
        run("req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=%s -keyout %s -out %s"
                .formatted(name, key(name), request));
        run("x509 -req -in %s -CA %s -CAkey %s -CAcreateserial -days 2 -extfile %s -out %s"
                .formatted(request, certificate(authority), key(authority), names, certificate(name)));
    }

    private void run(String arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(Arrays.asList(arguments.split(" ")));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + ": " + Files.readString(folder.resolve("openssl.log")));
        }
    }
}
