package dev.fairway.dns;

/// Response codes (IANA "DNS parameters"); those above 15 need EDNS.
public enum Rcode {
    NOERROR(0),
    FORMERR(1),
    SERVFAIL(2),
    NXDOMAIN(3),
    NOTIMP(4),
    REFUSED(5),
    BADVERS(16);

    private static final Rcode[] VALUES = values();

    private final int number;

    Rcode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// The code of a number from outside; an unknown one means that the server failed.
    static Rcode of(int number) {
        for (Rcode code : VALUES) {
            if (code.number == number) {
                return code;
            }
        }
        return SERVFAIL;
    }
}
