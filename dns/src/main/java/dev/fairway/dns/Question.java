package dev.fairway.dns;

/// What is asked: a name and a type of class IN.
public record Question(DnsName name, int type) {

    static Question of(DnsName name, RecordType type) {
        return new Question(name, type.number());
    }

    boolean asks(RecordType wanted) {
        return type == wanted.number();
    }

    /// Whether a record of this type answers the question, aliases apart.
    boolean wants(int recordType) {
        return type == recordType || asks(RecordType.ANY);
    }

    @Override
    public String toString() {
        return name + " " + RecordType.toText(type);
    }
}
