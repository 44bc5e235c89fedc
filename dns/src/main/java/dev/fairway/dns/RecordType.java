package dev.fairway.dns;

import java.util.Optional;

/// The record types that have a meaning here; every other type is only a number (IANA "DNS parameters").
public enum RecordType {
    A(1),
    NS(2),
    CNAME(5),
    SOA(6),
    PTR(12),
    MX(15),
    TXT(16),
    AAAA(28),
    SRV(33),
    DNAME(39),
    OPT(41),
    IXFR(251),
    AXFR(252),
    ANY(255);

    private static final RecordType[] VALUES = values();

    private final int number;

    RecordType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    static Optional<RecordType> find(int number) {
        for (RecordType type : VALUES) {
            if (type.number == number) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /// The name, or `TYPE65` for the others (RFC 3597).
    static String toText(int number) {
        return find(number).map(RecordType::name).orElse("TYPE" + number);
    }
}
