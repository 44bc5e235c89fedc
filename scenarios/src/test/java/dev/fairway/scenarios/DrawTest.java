package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// `fairway draw` as a user calls it, on a real cluster. What is in a picture is tested in its own room.
@ExtendWith(SharedCluster.class)
class DrawTest {

    @TempDir
    Path folder;

    private Run.Result draw(Cluster cluster, String arguments, Map<String, String> environment) {
        return Run.command(
                List.of("bash", "-c", "FAIRWAY_NO_BUILD=1 " + Cluster.HOME + "/fairway draw " + arguments),
                withKubeconfig(cluster, environment),
                "");
    }

    private static Map<String, String> withKubeconfig(Cluster cluster, Map<String, String> environment) {
        Map<String, String> out = new HashMap<>(environment);
        out.put("KUBECONFIG", cluster.kubeconfig().toString());
        return out;
    }

    @Test
    void aPngIsAnImage(Cluster cluster) throws IOException {
        Path file = folder.resolve("picture.png");
        draw(cluster, "svc/kubernetes -o png --dark >" + file, Map.of()).ok();
        assertThat(ImageIO.read(file.toFile()).getWidth()).isGreaterThan(1_000);
    }

    @Test
    void withoutFontsASentenceSaysWhatToInstall(Cluster cluster) throws IOException {
        Path nothing = Files.writeString(folder.resolve("fonts.conf"), "<fontconfig></fontconfig>");
        Run.Result result = draw(
                cluster,
                "-o png",
                Map.of("FONTCONFIG_FILE", nothing.toString(), "JAVA_TOOL_OPTIONS", "-Duser.home=" + folder));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains("fonts-dejavu-core").doesNotContain("\tat ");
    }
}
