package dev.fairway.dns;

import dev.fairway.address.IpAddress;
import java.util.List;
import java.util.stream.Collectors;

/// What a record says. Types that are not understood stay bytes, and are passed on as such.
public sealed interface Rdata {

    /// A or AAAA.
    record Address(IpAddress address) implements Rdata {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /// CNAME, NS, PTR or DNAME: a single name.
    record Pointer(DnsName target) implements Rdata {
        @Override
        public String toString() {
            return target.toString();
        }
    }

    record Mx(int preference, DnsName exchange) implements Rdata {
        @Override
        public String toString() {
            return preference + " " + exchange;
        }
    }

    /// RFC 2782.
    record Srv(int priority, int weight, int port, DnsName target) implements Rdata {
        @Override
        public String toString() {
            return priority + " " + weight + " " + port + " " + target;
        }
    }

    /// The times are in seconds; `minimum` is the TTL of negative answers (RFC 2308).
    record Soa(DnsName server, DnsName mailbox, long serial, long refresh, long retry, long expire, long minimum)
            implements Rdata {
        @Override
        public String toString() {
            return server + " " + mailbox + " " + serial + " " + refresh + " " + retry + " " + expire + " " + minimum;
        }
    }

    record Text(List<String> texts) implements Rdata {
        public Text {
            texts = List.copyOf(texts);
        }

        @Override
        public String toString() {
            return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(" "));
        }
    }

    /// @param hex the bytes in hexadecimal, so that the record is a value
    record Raw(String hex) implements Rdata {
        @Override
        public String toString() {
            return "\\# " + hex.length() / 2 + " " + hex;
        }
    }
}
