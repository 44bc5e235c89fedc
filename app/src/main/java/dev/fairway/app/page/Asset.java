package dev.fairway.app.page;

import dev.fairway.picture.svg.SvgPicture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/// A file that the page is made of.
///
/// @param gzip its bytes, compressed
record Asset(String type, byte[] gzip) {

    static final Set<String> PATHS = Set.of(
            "/",
            "/page.css",
            "/colours.css",
            "/page.js",
            "/picture.js",
            "/panel.js",
            "/keys.js",
            "/trace.js",
            "/names.js");

    static Optional<Asset> of(String path) {
        if (!PATHS.contains(path)) {
            return Optional.empty();
        }
        String file = path.equals("/") ? "index.html" : path.substring(1);
        byte[] plain =
                file.equals("colours.css") ? SvgPicture.styleSheet().getBytes(StandardCharsets.UTF_8) : resource(file);
        return Optional.of(new Asset(type(file), compressed(plain)));
    }

    /// The page itself.
    ///
    /// @param picture as SVG, empty for none yet
    static Asset start(String picture) {
        String html = new String(resource("index.html"), StandardCharsets.UTF_8).replace("<!-- picture -->", picture);
        return new Asset(type("index.html"), compressed(html.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] resource(String file) {
        try (InputStream in = Asset.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String file) {
        String kind = file.endsWith(".js") ? "javascript" : file.endsWith(".css") ? "css" : "html";
        return "text/" + kind + "; charset=utf-8";
    }

    static byte[] compressed(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
        return out.toByteArray();
    }
}
