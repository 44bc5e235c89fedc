package dev.fairway.picture.svg;

/// How wide text is. The widths are those of the widest among the fonts that a picture asks for (DejaVu Sans and
/// Verdana are drawn alike), so that with every other one text is narrower than planned and never leaves its box.
final class Glyphs {

    /// What a picture asks for, each at most as wide as the table says.
    static final String FONTS = "Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif";

    private static final String ELLIPSIS = "\u2026";

    /// How much of a text's end is kept when it is shortened: generated names differ there.
    private static final int TAIL = 6;

    private static final int UNITS = 1000;
    private static final int FIRST = ' ';

    /// For other characters, as wide as the widest.
    private static final int OTHER = 1000;

    /// Advance widths of the printable ASCII characters, in thousandths of the font's size.
    private static final int[] ASCII = {
        318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636,
                636,
        636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557,
                863,
        748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550,
                635,
        615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525,
                636,
        337, 636, 838
    };

    private Glyphs() {}

    /// In pixels, rounded up.
    static int width(String text, int size) {
        long units = text.codePoints().mapToLong(Glyphs::advance).sum();
        return (int) ((units * size + UNITS - 1) / UNITS);
    }

    private static int advance(int character) {
        int index = character - FIRST;
        return index >= 0 && index < ASCII.length ? ASCII[index] : OTHER;
    }

    /// The text, shortened in the middle if it is wider than `width`.
    static String fit(String text, int size, int width) {
        if (width(text, size) <= width) {
            return text;
        }
        String tail = text.substring(Math.max(0, text.length() - TAIL));
        for (int kept = text.length() - TAIL - 1; kept > 0; kept--) {
            String shorter = text.substring(0, kept) + ELLIPSIS + tail;
            if (width(shorter, size) <= width) {
                return shorter;
            }
        }
        return width(ELLIPSIS, size) <= width ? ELLIPSIS : "";
    }
}
