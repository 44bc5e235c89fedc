package dev.fairway.app.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {

    private static final Gate GATE = new Gate("secret", 6480);

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        127.0.0.1:6480  | fairway-6480=secret         | ''     | WELCOME
        localhost:9999  | a=b; fairway-6480=secret    | ''     | WELCOME
        [::1]:6480      | fairway-6480=secret         | ''     | WELCOME
        LOCALHOST       | fairway-6480=secret         | ''     | WELCOME
        127.0.0.1:6480  | ''                          | secret | LOGGED_IN
        127.0.0.1:6480  | fairway-6480=secret         | wrong  | WRONG_TOKEN
        127.0.0.1:6480  | ''                          | secre  | WRONG_TOKEN
        127.0.0.1:6480  | fairway-6480=wrong          | ''     | NO_LOGIN
        127.0.0.1:6480  | fairway-6481=secret         | ''     | NO_LOGIN
        127.0.0.1:6480  | ''                          | ''     | NO_LOGIN
        evil.example    | fairway-6480=secret         | ''     | WRONG_HOST
        127.0.0.1.evil  | fairway-6480=secret         | secret | WRONG_HOST
        ''              | fairway-6480=secret         | ''     | WRONG_HOST
        """)
    void whoMaySeeThePage(String host, String cookies, String given, Gate.Verdict verdict) {
        assertThat(GATE.judge(host, cookies, given)).isEqualTo(verdict);
    }
}
