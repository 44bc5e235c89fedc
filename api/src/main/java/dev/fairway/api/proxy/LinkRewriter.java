package dev.fairway.api.proxy;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes links of a page lead through the proxy again (upstream apimachinery `pkg/util/proxy`): links to another path
/// of
/// the same host get the proxy's path before them. Relative links do without, links elsewhere stay.
///
/// @param prefix the proxy's path, without a slash at the end
/// @param host as the client called the API server
public record LinkRewriter(String prefix, String host) {

    private static final Pattern TAG = Pattern.compile("<[A-Za-z][^<>]*>");
    private static final Pattern LINK = Pattern.compile(
            "(\\s(?:action|background|cite|codebase|data|formaction|href|icon|longdesc|manifest|poster|profile|src"
                    + "|usemap)\\s*=\\s*)(\"[^\"]*\"|'[^']*'|[^\\s\"'>]+)",
            Pattern.CASE_INSENSITIVE);

    /// A whole page of HTML.
    public String page(String html) {
        return TAG.matcher(html).replaceAll(tag -> Matcher.quoteReplacement(tag(tag.group())));
    }

    private String tag(String tag) {
        return LINK.matcher(tag).replaceAll(link -> Matcher.quoteReplacement(link(link)));
    }

    private String link(MatchResult link) {
        String value = link.group(2);
        char quote = value.charAt(0);
        boolean quoted = quote == '"' || quote == '\'';
        String url = quoted ? value.substring(1, value.length() - 1) : value;
        String mark = quoted ? String.valueOf(quote) : "";
        return link.group(1) + mark + url(url) + mark;
    }

    /// One link, such as that of a `Location` header.
    public String url(String url) {
        try {
            URI uri = new URI(url.strip());
            String there = uri.getRawAuthority();
            String path = uri.getRawPath();
            boolean here = there == null || there.equals(host);
            if (!here || path == null || !path.startsWith("/") || path.startsWith(prefix)) {
                return url;
            }
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String fragment = uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment();
            return prefix + path + query + fragment;
        } catch (URISyntaxException e) {
            return url; // what is no address is no link
        }
    }
}
