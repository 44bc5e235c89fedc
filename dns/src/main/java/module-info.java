/// ServiceTable to DNS answers: the cluster's names on every node, other names through the configured upstream.
///
/// It may touch: UDP and TCP sockets of the namespace it is given.
/// It never writes to the kernel's rules or sees an API object.
/// Start at DnsServer and Answers.
@org.jspecify.annotations.NullMarked
module dev.fairway.dns {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.table;
    requires dev.fairway.kernel;
    requires org.slf4j;

    exports dev.fairway.dns;
}
