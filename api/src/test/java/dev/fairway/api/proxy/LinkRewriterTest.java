package dev.fairway.api.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkRewriterTest {

    private static final LinkRewriter LINKS = new LinkRewriter("/p/proxy", "api:6443");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # link                        | through the proxy
            /                             | /p/proxy/
            /a/b?c=d#e                    | /p/proxy/a/b?c=d#e
            /a%20b                        | /p/proxy/a%20b
            https://api:6443/a            | /p/proxy/a
            //api:6443/a                  | /p/proxy/a
            a/b                           | a/b
            ?c=d                          | ?c=d
            #e                            | #e
            http://example.com/a          | http://example.com/a
            mailto:a@b.c                  | mailto:a@b.c
            /p/proxy/a                    | /p/proxy/a
            /not an address               | /not an address
            """)
    void links(String link, String expected) {
        assertThat(LINKS.url(link)).isEqualTo(expected);
    }

    @Test
    void linksOfAPageAreFoundInItsTags() {
        assertThat(LINKS.page("""
                <!doctype html><A class="x" HREF='/a'>see href="/a"</A><img src=/i.png><script src="/s.js">
                if (a < b && "/c") {}</script><form action="/f?x=1"><input data-href="/d"></form>""")).isEqualTo("""
                <!doctype html><A class="x" HREF='/p/proxy/a'>see href="/a"</A><img src=/p/proxy/i.png><script \
                src="/p/proxy/s.js">
                if (a < b && "/c") {}</script><form action="/p/proxy/f?x=1"><input data-href="/d"></form>""");
    }
}
