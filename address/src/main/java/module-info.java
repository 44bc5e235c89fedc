/// IP addresses, address blocks and port ranges as immutable, comparable values with canonical text (RFC 5952).
///
/// It may touch: nothing: pure values.
/// It never resolves a name, opens a socket or knows a Service.
/// Start at IpAddress.
@org.jspecify.annotations.NullMarked
module dev.fairway.address {
    requires static transitive org.jspecify;

    exports dev.fairway.address;
}
