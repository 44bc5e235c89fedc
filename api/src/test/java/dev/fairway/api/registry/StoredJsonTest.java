package dev.fairway.api.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The revision is put into stored text without reading it, where the text begins as ours does.
class StoredJsonTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"kind":"A","apiVersion":"v1","metadata":{"name":"a"},"b":1} | {"kind":"A","apiVersion":"v1","metadata":{"resourceVersion":"7","name":"a"},"b":1}
            {"apiVersion":"v1","kind":"A","metadata":{"name":"a"}}       | {"apiVersion":"v1","kind":"A","metadata":{"resourceVersion":"7","name":"a"}}
            {"kind":"A","metadata":{"name":"a"},"apiVersion":"v1"}       |
            {"apiVersion":"v1","metadata":{"name":"a"},"kind":"A"}       |
            {"kind":"A","apiVersion":"v1","metadata":{}}                 |
            {"kind":"A                                                   |
            {}                                                           |
            """)
    void theRevisionGetsItsPlace(String stored, String served) {
        var text = StoredJson.served(stored.getBytes(StandardCharsets.UTF_8), 7);

        assertThat(text.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse(null))
                .isEqualTo(served);
    }

    @Test
    void whatIsStoredCanBeServedWithoutReadingIt() {
        var object = Json.parse("{\"spec\":{},\"metadata\":{\"resourceVersion\":\"3\",\"name\":\"a\"},"
                + "\"apiVersion\":\"v1\",\"kind\":\"A\"}");

        assertThat(StoredJson.served(StoredJson.toStore(object), 9))
                .get()
                .satisfies(bytes -> assertThat(new String(bytes, StandardCharsets.UTF_8))
                        .isEqualTo(
                                "{\"kind\":\"A\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"9\",\"name\":\"a\"},"
                                        + "\"spec\":{}}"));
    }
}
