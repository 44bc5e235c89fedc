package dev.fairway.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.PodAccess;
import dev.fairway.schema.client.PodAccess.ExecOptions;
import dev.fairway.schema.client.PodAccess.ExecSession;
import dev.fairway.schema.client.PodAccess.LogOptions;
import dev.fairway.schema.client.PodAccess.PodRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Logs, commands and connections, as kubectl asks for them.
class RuntimeAccessTest {

    private static final String ECHO =
            "{'containers':[{'name':'web','image':'fairway.dev/echo','ports':[{'containerPort':8080}]}]}";
    private static final PodRef POD = new PodRef("default", "pod", "", "");

    @TempDir
    Path state;

    private PodWorld world;
    private PodAccess access;

    @BeforeEach
    void makeNode() {
        world = new PodWorld(state);
        access = world.runtime().access();
    }

    @AfterEach
    void removeNode() {
        world.close();
    }

    private void run(String policy, String script) {
        world.create("pod", """
                {'restartPolicy':'%s','terminationGracePeriodSeconds':1,'containers':[
                 {'name':'main','image':'fairway.dev/host','command':['sh','-c','%s']}]}""".formatted(policy, script));
    }

    private static LogOptions options(boolean follow, long tail) {
        return new LogOptions(follow, tail, -1, -1, false, false);
    }

    private String log(LogOptions options) throws IOException {
        try (InputStream in = access.logs(POD, options)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private ObjectNode awaitPhase(String phase) {
        return world.await("pod", pod -> Tree.text(pod, "status", "phase").equals(phase));
    }

    @Test
    void logIsReadWholeFromItsTailAndUpToALimit() throws IOException {
        run("Never", "echo one; echo two >&2; echo three");
        awaitPhase("Succeeded");
        assertThat(log(options(false, -1))).isEqualTo("one\ntwo\nthree\n");
        assertThat(log(options(false, 2))).isEqualTo("two\nthree\n");
        assertThat(log(options(false, 0))).isEmpty();
        assertThat(log(options(false, 99))).isEqualTo("one\ntwo\nthree\n");
        assertThat(log(new LogOptions(false, -1, -1, 5, false, false))).isEqualTo("one\nt");
        assertThat(log(new LogOptions(false, 1, -1, -1, true, false)))
                .matches("20..-..-..T..:..:..(\\.[0-9]+)?Z three\n");
        assertThat(log(new LogOptions(false, -1, 3600, -1, false, false))).isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void followedLogEndsWithTheContainer() throws IOException {
        run("Never", "echo first; sleep 0.5; echo last");
        world.await("pod", pod -> Tree.has(PodWorld.container(pod), "state", "running"));
        assertThat(log(options(true, -1))).isEqualTo("first\nlast\n");
    }

    @Test
    void previousLogIsThatOfTheRunBefore() throws IOException {
        run("Always", "echo run; exit 1");
        world.await(
                "pod",
                pod -> Tree.text(PodWorld.container(pod), "state", "waiting", "reason")
                        .equals("CrashLoopBackOff"));
        assertThat(log(new LogOptions(false, -1, -1, -1, false, true))).isEqualTo("run\n");
    }

    @Test
    void commandRunsBesideTheProcessWithInputOutputAndCode() throws Exception {
        run("Always", "exec sleep 1000");
        world.awaitRunning("pod");
        try (ExecSession session = access.exec(
                POD,
                new ExecOptions(
                        List.of("sh", "-c", "read x; echo got $x; hostname; echo bad >&2; exit 7"),
                        true,
                        true,
                        true,
                        false))) {
            session.input().write("hello\n".getBytes(StandardCharsets.UTF_8));
            session.input().close();
            assertThat(new String(session.output().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("got hello\npod\n");
            assertThat(new String(session.errors().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("bad\n");
            assertThat(session.waitFor()).isEqualTo(7);
        }
    }

    @Test
    void echoPodShowsItsOwnResolverAndAddress() throws Exception {
        world.create("pod", ECHO);
        world.awaitRunning("pod");
        assertThat(output("cat", "/etc/resolv.conf")).isEqualTo("""
                        search default.svc.cluster.local svc.cluster.local cluster.local
                        nameserver 10.96.0.10
                        options ndots:5
                        """);
        assertThat(output("ip", "-br", "-4", "addr", "show", "eth0")).contains("10.244.7.2/32");
        assertThat(output("hostname")).isEqualTo("pod\n");
    }

    private String output(String... command) throws Exception {
        try (ExecSession session = access.exec(POD, new ExecOptions(List.of(command), false, true, true, false))) {
            String out = new String(session.output().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(session.waitFor()).isZero();
            return out;
        }
    }

    @Test
    void terminalHasTheSizeThatItIsGiven() throws Exception {
        world.create("pod", ECHO);
        world.awaitRunning("pod");
        try (ExecSession session =
                access.exec(POD, new ExecOptions(List.of("sh", "-c", "read x; stty size"), true, true, false, true))) {
            session.resize(101, 33);
            session.input().write("go\n".getBytes(StandardCharsets.UTF_8));
            session.input().flush();
            assertThat(new String(session.output().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("33 101");
        }
    }

    @Test
    void missingCommandIs127WithAMessage() throws Exception {
        world.create("pod", ECHO);
        world.awaitRunning("pod");
        ExecSession session = access.exec(POD, new ExecOptions(List.of("no-such-thing"), false, true, true, false));
        assertThat(session.waitFor()).isEqualTo(127);
        assertThat(new String(session.errors().readAllBytes(), StandardCharsets.UTF_8))
                .contains("no-such-thing");
    }

    @Test
    void portOfThePodIsReachedFromInside() throws IOException {
        world.create("pod", ECHO);
        world.awaitRunning("pod");
        try (ByteChannel channel = access.connect(POD, 8080)) {
            channel.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII))
                    .contains("pod=pod\n");
        }
        assertThatThrownBy(() -> access.connect(POD, 9999))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("9999");
    }

    @Test
    void refusalsNameThePodAndTheContainer() {
        world.create("pod", "{'containers':[{'name':'c','image':'unknown'}]}");
        awaitPhase("Pending");
        assertThatThrownBy(() -> access.logs(POD, options(false, -1)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("container \"c\" in pod \"pod\" is waiting to start: ");
        assertThatThrownBy(() -> access.logs(new PodRef("default", "pod", "", "x"), options(false, -1)))
                .hasMessage("container x is not valid for pod pod");
        assertThatThrownBy(() -> access.logs(new PodRef("default", "other", "", ""), options(false, -1)))
                .hasMessage("pod \"default/other\" does not run on node \"node-1\"");
    }
}
