/// The picture of a cluster's Services as a value, how it is drawn (as SVG or PNG for people, as text for terminals,
/// as JSON for programs), and why a Service does not work.
///
/// It may touch: nothing: a pure function from API objects to text and findings. Only PngPicture looks at this machine,
/// for a font.
/// It never does I/O, reads a clock or decides which endpoints count.
/// Start at SceneReader, SvgPicture and Explainer.
@org.jspecify.annotations.NullMarked
module dev.fairway.picture {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.schema;
    requires transitive dev.fairway.table;
    requires java.desktop;

    exports dev.fairway.picture;
    exports dev.fairway.picture.explain;
    exports dev.fairway.picture.page;
    exports dev.fairway.picture.svg;
}
