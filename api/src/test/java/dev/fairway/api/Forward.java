package dev.fairway.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A running `kubectl port-forward`.
record Forward(Process process, int port) implements AutoCloseable {

    static Forward start(Cluster cluster, String target, int podPort) throws IOException {
        List<String> command = List.of("kubectl", "port-forward", target, ":" + podPort);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
        Process process = builder.start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = String.valueOf(out.readLine());
        Matcher matcher = Pattern.compile("Forwarding from \\S+:(\\d+) ->").matcher(line);
        if (!matcher.find()) {
            process.destroy();
            throw new IOException("kubectl port-forward said: " + line);
        }
        return new Forward(process, Integer.parseInt(matcher.group(1)));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
