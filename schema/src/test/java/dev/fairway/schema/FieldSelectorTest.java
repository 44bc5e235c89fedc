package dev.fairway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldSelectorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # selector                           | fields                        | matches
            ''                                   | ''                            | true
            spec.type=NodePort                   | spec.type=NodePort            | true
            spec.type==NodePort                  | spec.type=ClusterIP           | false
            spec.type!=NodePort                  | spec.type=ClusterIP           | true
            spec.nodeName=                       | ''                            | true
            spec.nodeName!=                      | ''                            | false
            metadata.name=a,metadata.namespace=b | metadata.name=a,metadata.namespace=b | true
            metadata.name=a,metadata.namespace=b | metadata.name=a               | false
            ,metadata.name=a,                    | metadata.name=a               | true
            """)
    void choosesByFields(String selector, String fields, boolean matches) {
        var values = LabelSelectorTest.map(fields);
        assertThat(FieldSelector.parse(selector).matches(field -> values.getOrDefault(field, "")))
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # selector  | the error says
            a           | can't understand "a"
            =a          | can't understand "=a"
            a=b=c       | must be written '\\='
            a=b\\c      | must be followed by
            a=b\\       | must be followed by
            """)
    void refusesWhatItCannotRead(String selector, String error) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FieldSelector.parse(selector))
                .withMessageContaining(error);
    }

    @Test
    void escapesInValues() {
        FieldSelector selector = FieldSelector.parse("reason=a\\,b\\=c\\\\d,x!=y");
        assertThat(selector.terms())
                .containsExactly(
                        new FieldSelector.Term("reason", true, "a,b=c\\d"), new FieldSelector.Term("x", false, "y"));
        assertThat(FieldSelector.parse(selector.toText())).isEqualTo(selector);
    }
}
