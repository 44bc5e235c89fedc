package dev.fairway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HastyClientsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        kubectl/v1.30.5 (linux/amd64) kubernetes/74e84a9 | v5.channel.k8s.io | 250
        kubectl/v1.29.0 (darwin/arm64) kubernetes/3f7a50 | v5.channel.k8s.io | 250
        kubectl/v1.31.0 (linux/amd64) kubernetes/9edcffc | v5.channel.k8s.io | 25
        kubectl/v1.3.0 (linux/amd64) kubernetes/0000000  | v5.channel.k8s.io | 25
        kubectl/v1.300.1                                 | v5.channel.k8s.io | 25
        operator/v0.1                                    | v5.channel.k8s.io | 25
        ''                                               | v5.channel.k8s.io | 25
        fabric8-kubernetes-client/8.0.0                  | v4.channel.k8s.io | 0
        kubectl/v1.29.0 (darwin/arm64) kubernetes/3f7a50 | v4.channel.k8s.io | 0
        ''                                               | ''                | 0
        """)
    void onlyWhoReadsTooEarlyIsWaitedFor(String agent, String protocol, long millis) {
        assertThat(HastyClients.moment(agent, protocol)).hasMillis(millis);
    }
}
