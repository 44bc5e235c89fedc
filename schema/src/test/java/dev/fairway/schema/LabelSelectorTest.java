package dev.fairway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.MissingNode;

class LabelSelectorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # selector                 | labels           | matches
            ''                         | ''               | true
            ''                         | app=web          | true
            app=web                    | app=web          | true
            app==web                   | app=web,a=b      | true
            app = web                  | app=db           | false
            app=                       | app=             | true
            app=                       | ''               | false
            app!=web                   | app=db           | true
            app!=web                   | ''               | true
            app!=web                   | app=web          | false
            app                        | app=web          | true
            app                        | ''               | false
            !app                       | ''               | true
            !app                       | app=web          | false
            app in (web,db)            | app=db           | true
            app in (web, db)           | app=api          | false
            app in (web)               | ''               | false
            app in (,web)              | app=             | true
            app notin (web,db)         | app=db           | false
            app notin (web,db)         | ''               | true
            in in (in),notin=notin     | in=in,notin=notin| true
            app=web,tier!=x,!canary    | app=web          | true
            app=web,tier!=x,!canary    | app=web,canary=1 | false
            example.com/app=web        | example.com/app=web | true
            n>5                        | n=6              | true
            n>5                        | n=5              | false
            n<5                        | n=4              | true
            n<5                        | n=many           | false
            """)
    void choosesByLabels(String selector, String labels, boolean matches) {
        assertThat(LabelSelector.parse(selector).matches(map(labels))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # selector   | the error says
            ,            | found ',', expected a label key
            a=b,         | found the end, expected a label key after ','
            a=b=c        | found '=', expected ',' or the end
            a b          | found 'b', expected one of '=',
            !            | found the end, expected a label key
            a in b       | found 'b', expected '(' after 'in'
            a in ()      | at least one value for 'in'
            a in (b      | found the end, expected ',' or ')'
            a in (b c)   | found 'c', expected ',' or ')'
            a>b          | "b" is no integer
            a_=b         | label key "a_" is not valid
            /a=b         | label key "/a" is not valid
            a/b/c=d      | label key "a/b/c" is not valid
            A.com/x=d    | label key "A.com/x" is not valid
            a=-b         | value "-b" of label "a" is not valid
            """)
    void refusesWhatItCannotRead(String selector, String error) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelSelector.parse(selector))
                .withMessageContaining(error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            app=web | app=web
            a in (c,b),!d , e ,f notin (g),h!=i,j>1,k<2 | a in (b,c),!d,e,f notin (g),h!=i,j>1,k<2
            """)
    void hasOneTextForm(String selector, String text) {
        assertThat(LabelSelector.parse(selector).toText()).isEqualTo(text);
        assertThat(LabelSelector.parse(text).toText()).isEqualTo(text);
    }

    @Test
    void readsTheObjectForm() {
        LabelSelector selector = LabelSelector.ofObject(Json.parse("""
                {"matchLabels": {"app": "web"}, "matchExpressions": [
                  {"key": "tier", "operator": "In", "values": ["a", "b"]},
                  {"key": "zone", "operator": "NotIn", "values": ["x"]},
                  {"key": "owner", "operator": "Exists"},
                  {"key": "canary", "operator": "DoesNotExist"}]}"""));
        assertThat(selector.toText()).isEqualTo("app=web,tier in (a,b),zone notin (x),owner,!canary");
    }

    @Test
    void anAbsentObjectChoosesNothingAndAnEmptyOneEverything() {
        assertThat(LabelSelector.ofObject(MissingNode.getInstance()).matches(Map.of()))
                .isFalse();
        assertThat(LabelSelector.ofObject(Json.object()).matches(Map.of())).isTrue();
        assertThat(LabelSelector.ofMap(Map.of()).isEverything()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"key":"a","operator":"Is","values":["b"]}     | matchExpressions[0].operator: "Is" is not a valid
            {"key":"a","operator":"In","values":[]}        | matchExpressions[0].values: must not be empty
            {"key":"a","operator":"Exists","values":["b"]} | matchExpressions[0].values: must be empty
            {"key":"","operator":"Exists"}                 | label key "" is not valid
            """)
    void refusesWrongExpressions(String expression, String error) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> LabelSelector.ofObject(Json.parse("{\"matchExpressions\":[%s]}".formatted(expression))))
                .withMessageContaining(error);
    }

    static Map<String, String> map(String text) {
        Map<String, String> out = new TreeMap<>();
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                out.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            }
        }
        return out;
    }
}
