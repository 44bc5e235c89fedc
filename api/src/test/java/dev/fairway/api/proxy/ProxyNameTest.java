package dev.fairway.api.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyNameTest {

    @ParameterizedTest
    @CsvSource({
        "web, http, web, ''",
        "web:, http, web, ''",
        "web:80, http, web, 80",
        "web:www, http, web, www",
        "http:web:80, http, web, 80",
        ":web:80, http, web, 80",
        "https:web:, https, web, ''",
    })
    void names(String text, String scheme, String name, String port) {
        assertThat(ProxyName.parse(text)).contains(new ProxyName(scheme, name, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", ":80", "ftp:web:80", "a:b:c:d"})
    void otherTextIsNoName(String text) {
        assertThat(ProxyName.parse(text)).isEmpty();
    }
}
