package dev.fairway.table;

/// The protocols of a Service port, with their numbers (IANA protocol numbers; `linux/in.h`).
public enum Protocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// As in SRV names: `tcp`.
    public String label() {
        return switch (this) {
            case TCP -> "tcp";
            case UDP -> "udp";
            case SCTP -> "sctp";
        };
    }
}
