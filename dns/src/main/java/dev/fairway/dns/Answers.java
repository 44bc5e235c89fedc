package dev.fairway.dns;

import dev.fairway.dns.Answer.Explanation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Questions answered from a zone: pure.
public final class Answers {

    /// Longer chains of aliases are taken for loops.
    static final int MAX_ALIASES = 10;

    /// The answer, or what is left to ask elsewhere.
    public sealed interface Decision {

        record Answered(Answer answer) implements Decision {}

        /// @param aliases what was found on the way; its answer goes in front of the answer from outside
        /// @param question to be asked upstream
        record Outside(List<ResourceRecord> aliases, Question question) implements Decision {}
    }

    private Answers() {}

    /// @param rotation where lists of addresses begin: a number that differs from query to query spreads clients
    ///     that always take the first
    public static Decision answer(Question question, Zone zone, int rotation) {
        List<ResourceRecord> aliases = new ArrayList<>();
        Question current = question;
        while (aliases.size() <= MAX_ALIASES) {
            switch (zone.find(current)) {
                case Lookup.Alias(ResourceRecord cname, DnsName target) -> {
                    aliases.add(cname);
                    current = new Question(target, current.type());
                }
                case Lookup.Elsewhere() -> {
                    return new Decision.Outside(aliases, current);
                }
                case Lookup.Found(
                        List<ResourceRecord> answers,
                        List<ResourceRecord> additional,
                        Optional<String> note) -> {
                    return answered(found(rotated(answers, rotation), additional, note), aliases);
                }
                case Lookup.NoRecords(DnsName apex, String why) -> {
                    return answered(denied(Rcode.NOERROR, zone.soa(apex), why), aliases);
                }
                case Lookup.NoName(DnsName apex, String why) -> {
                    return answered(denied(Rcode.NXDOMAIN, zone.soa(apex), why), aliases);
                }
                case Lookup.NotReady() -> {
                    return answered(
                            Answer.failure(Explanation.NOT_READY, "the cluster's Services are not known yet"), aliases);
                }
            }
        }
        return answered(
                Answer.failure(Explanation.OTHER, "external names form a loop or a chain of more than " + MAX_ALIASES),
                List.of(aliases.getFirst()));
    }

    private static Decision answered(Answer answer, List<ResourceRecord> aliases) {
        return new Decision.Answered(answer.behind(aliases));
    }

    private static Answer found(List<ResourceRecord> answers, List<ResourceRecord> additional, Optional<String> note) {
        Optional<Explanation> explanation = note.map(text -> new Explanation(Explanation.OTHER, text));
        return new Answer(Rcode.NOERROR, true, answers, List.of(), additional, explanation);
    }

    private static Answer denied(Rcode rcode, ResourceRecord soa, String why) {
        return new Answer(rcode, true, List.of(), List.of(soa), List.of(), Optional.empty())
                .because(new Explanation(Explanation.OTHER, why));
    }

    private static List<ResourceRecord> rotated(List<ResourceRecord> answers, int rotation) {
        if (answers.size() < 2 || rotation == 0) {
            return answers;
        }
        List<ResourceRecord> out = new ArrayList<>(answers);
        Collections.rotate(out, rotation);
        return out;
    }
}
