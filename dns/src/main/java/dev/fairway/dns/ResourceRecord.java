package dev.fairway.dns;

import dev.fairway.address.IpAddress;

/// One record of class IN.
///
/// @param type the number of the type
public record ResourceRecord(DnsName name, int type, int ttlSeconds, Rdata rdata) {

    static ResourceRecord address(DnsName name, int ttlSeconds, IpAddress address) {
        RecordType type = address.isV4() ? RecordType.A : RecordType.AAAA;
        return new ResourceRecord(name, type.number(), ttlSeconds, new Rdata.Address(address));
    }

    static ResourceRecord of(DnsName name, RecordType type, int ttlSeconds, Rdata rdata) {
        return new ResourceRecord(name, type.number(), ttlSeconds, rdata);
    }

    boolean is(RecordType wanted) {
        return type == wanted.number();
    }

    ResourceRecord withTtl(int seconds) {
        return new ResourceRecord(name, type, seconds, rdata);
    }

    /// As in a zone file.
    @Override
    public String toString() {
        return name + " " + ttlSeconds + " IN " + RecordType.toText(type) + " " + rdata;
    }
}
