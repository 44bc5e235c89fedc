package dev.fairway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HastyClientsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        kubectl/v1.30.5 (linux/amd64) kubernetes/74e84a9 | true
        kubectl/v1.29.0 (darwin/arm64) kubernetes/3f7a50 | true
        kubectl/v1.31.0 (linux/amd64) kubernetes/9edcffc | false
        kubectl/v1.3.0 (linux/amd64) kubernetes/0000000  | false
        kubectl/v1.300.1                                 | false
        fabric8-kubernetes-client/8.0.0                  | false
        """)
    void onlyVersionsThatReadTooEarlyWait(String agent, boolean hasty) {
        assertThat(HastyClients.isHasty(agent)).isEqualTo(hasty);
    }

    @Test
    void aClientWithoutANameIsServedAtOnce() {
        Reply.SocketRun run = pipe -> {};
        assertThat(HastyClients.given("", run)).isSameAs(run);
    }
}
