package dev.fairway.app;

/// Which program and which Java this is.
public final class Version {

    public static final String NUMBER = "0.1.0";

    private Version() {}

    public static String java() {
        return Runtime.version().toString();
    }
}
