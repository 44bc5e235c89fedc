package dev.fairway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a": {"b": 1}} | {"a": 2, "c": 3} | {"a": {"b": 1}, "c": 3}
            {}              | {"a": 2, "c": 3} | {"c": 3}
            {"a": null}     | {"c": 3}         | {"a": null, "c": 3}
            """)
    void carryMakesAFieldWhatItIsElsewhere(String from, String to, String expected) {
        var target = Json.parse(to);
        Tree.carry(Json.parse(from), target, "a");
        assertThat(target).isEqualTo(Json.parse(expected));
    }
}
