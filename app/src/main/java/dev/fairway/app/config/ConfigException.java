package dev.fairway.app.config;

/// A setting is wrong: the file, the field, the fact and the remedy in one sentence.
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
