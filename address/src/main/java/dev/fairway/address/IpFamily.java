package dev.fairway.address;

/// The two IP families, with the names that the Kubernetes API uses.
public enum IpFamily {
    IPV4("IPv4", 32),
    IPV6("IPv6", 128);

    private final String apiName;
    private final int bits;

    IpFamily(String apiName, int bits) {
        this.apiName = apiName;
        this.bits = bits;
    }

    /// `IPv4` or `IPv6`, as written in `spec.ipFamilies`.
    public String apiName() {
        return apiName;
    }

    /// Width of an address in bits: 32 or 128.
    public int bits() {
        return bits;
    }

    public int bytes() {
        return bits / 8;
    }
}
