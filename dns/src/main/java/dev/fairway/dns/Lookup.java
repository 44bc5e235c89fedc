package dev.fairway.dns;

import java.util.List;
import java.util.Optional;

/// What a zone says to a question.
sealed interface Lookup {

    /// @param additional addresses of the names in the answers
    /// @param note for humans, when the answer is right and the Service still does not work
    record Found(List<ResourceRecord> answers, List<ResourceRecord> additional, Optional<String> note)
            implements Lookup {}

    /// The name is another's: ask there.
    record Alias(ResourceRecord cname, DnsName target) implements Lookup {}

    /// The name exists, without such records.
    ///
    /// @param zone the apex, for the SOA record
    record NoRecords(DnsName zone, String why) implements Lookup {}

    /// @param zone the apex, for the SOA record
    record NoName(DnsName zone, String why) implements Lookup {}

    /// No table yet: it would be wrong to deny anything.
    record NotReady() implements Lookup {}

    /// Not in our zones.
    record Elsewhere() implements Lookup {}
}
