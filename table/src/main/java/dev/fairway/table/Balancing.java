package dev.fairway.table;

/// How a new connection picks its backend. `RANDOM` is the default; others are asked for by annotation.
public enum Balancing {
    RANDOM,
    ROUND_ROBIN
}
