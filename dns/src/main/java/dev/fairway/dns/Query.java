package dev.fairway.dns;

import java.util.Optional;

/// A well-formed query, with what its answer must repeat.
///
/// @param rawQuestion the question section as sent: its case is the client's (some resolvers check it)
/// @param ednsBytes the answer size the client offers with EDNS, if it speaks EDNS
record Query(int id, boolean recursionDesired, Question question, byte[] rawQuestion, Optional<Integer> ednsBytes) {}
