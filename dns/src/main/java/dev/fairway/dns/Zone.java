package dev.fairway.dns;

import dev.fairway.address.Cidr;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The cluster's names as an immutable snapshot of one table, forward and reverse, so that all types of answers agree.
///
/// The next snapshot compiles only Services whose entry changed, and shares the rest.
public final class Zone {

    /// The schema of the names (kubernetes/dns, specification.md).
    private static final String SCHEMA_VERSION = "1.1.0";

    private static final int TTL = ZoneSettings.TTL_SECONDS;
    private static final int VERSION_TTL = 28800;
    private static final int NAMESPACES_SHOWN = 3;
    /// Of a Service's own name, before the domain: name, namespace and `svc`.
    private static final int SERVICE_LABELS = 3;

    private final ZoneSettings settings;
    private final DnsName domain;
    private final DnsName server;
    private final long revision;
    private final Set<String> namespaces;
    private final ZoneServices services;
    private final Map<DnsName, List<ResourceRecord>> fixed;

    private Zone(ZoneSettings settings, ServiceTable table, ZoneServices services) {
        this.settings = settings;
        this.domain = settings.domain();
        this.server = domain.child("dns").child("ns");
        this.revision = table.revision();
        this.namespaces = table.namespaces();
        this.services = services;
        this.fixed = fixed();
    }

    /// A zone that knows nothing yet and says so.
    public static Zone empty(ZoneSettings settings) {
        return new Zone(settings, ServiceTable.EMPTY, ZoneServices.NONE);
    }

    /// The zone of a newer table.
    public Zone next(ServiceTable table) {
        return new Zone(settings, table, services.next(table.services(), domain));
    }

    /// What it has of the Services.
    ZoneServices services() {
        return services;
    }

    private Map<DnsName, List<ResourceRecord>> fixed() {
        Map<DnsName, List<ResourceRecord>> out = new HashMap<>();
        out.put(domain, List.of(soa(domain), ResourceRecord.of(domain, RecordType.NS, TTL, new Rdata.Pointer(server))));
        out.put(domain.child("svc"), List.of());
        out.put(domain.child("pod"), List.of());
        out.put(domain.child("dns"), List.of());
        out.put(
                server,
                settings.servers().stream()
                        .map(address -> ResourceRecord.address(server, TTL, address))
                        .toList());
        DnsName version = domain.child("dns-version");
        Rdata text = new Rdata.Text(List.of(SCHEMA_VERSION));
        out.put(version, List.of(ResourceRecord.of(version, RecordType.TXT, VERSION_TTL, text)));
        return out;
    }

    /// The revision of the table it was compiled from; 0 before the first.
    public long revision() {
        return revision;
    }

    /// The start of authority of our domain or of a reverse zone of ours. The serial grows with the table.
    ResourceRecord soa(DnsName apex) {
        Rdata soa = new Rdata.Soa(
                server,
                domain.child("hostmaster"),
                revision & 0xffff_ffffL,
                7200,
                1800,
                86400,
                ZoneSettings.TTL_SECONDS);
        return ResourceRecord.of(apex, RecordType.SOA, TTL, soa);
    }

    Lookup find(Question question) {
        if (question.name().isWithin(domain)) {
            return revision == 0 ? new Lookup.NotReady() : findForward(question);
        }
        return ReverseName.toBlock(question.name())
                .map(block -> findReverse(question, block))
                .orElse(new Lookup.Elsewhere());
    }

    private Lookup findForward(Question question) {
        DnsName name = question.name();
        Optional<List<ResourceRecord>> own = Optional.ofNullable(fixed.get(name));
        if (own.isPresent()) {
            return select(question, own.get());
        }
        int labels = name.labelCount() - domain.labelCount();
        String tree = name.label(labels - 1);
        boolean serviceTree = tree.equals("svc");
        if (labels < 2 || (!serviceTree && !tree.equals("pod"))) {
            return new Lookup.NoName(domain, "no such name in " + domain);
        }
        String namespace = name.label(labels - 2);
        if (!namespaces.contains(namespace)) {
            return new Lookup.NoName(domain, "no namespace " + namespace);
        }
        if (labels == 2) {
            return new Lookup.NoRecords(domain, namespace + " is a namespace");
        }
        return serviceTree
                ? findService(question, labels - 3, namespace)
                : new Lookup.NoName(domain, "pods have no names of their own here");
    }

    private Lookup findService(Question question, int labelsBefore, String namespace) {
        DnsName base = question.name().suffix(labelsBefore);
        String service = base.label(0);
        Optional<ServiceZone> found = services.zones().find(new ServiceName(namespace, service));
        if (found.isEmpty()) {
            return new Lookup.NoName(
                    domain, "no Service " + service + " in namespace " + namespace + elsewhere(service));
        }
        Map<DnsName, List<ResourceRecord>> records = found.get().records();
        if (records.isEmpty()) {
            return new Lookup.NoName(domain, "Service " + namespace + "/" + service + " has no ready endpoint");
        }
        return Optional.ofNullable(records.get(question.name()))
                .or(() -> Optional.ofNullable(records.get(underscored(question.name(), base, labelsBefore))))
                .map(list -> noted(select(question, list), found.get()))
                .orElseGet(() ->
                        new Lookup.NoName(domain, "no such endpoint or port of Service " + namespace + "/" + service));
    }

    private String elsewhere(String service) {
        Set<String> others = services.homes().at(service);
        return others.isEmpty()
                ? ""
                : ", but in "
                        + String.join(
                                ", ", others.stream().limit(NAMESPACES_SHOWN).toList());
    }

    private static Lookup noted(Lookup lookup, ServiceZone zone) {
        ServiceName service = zone.entry().service();
        return zone.isIdle() && lookup instanceof Lookup.Found found
                ? new Lookup.Found(
                        found.answers(),
                        found.additional(),
                        Optional.of("Service " + service.namespace() + "/" + service.name() + " has no ready endpoint"))
                : lookup;
    }

    /// Port and protocol may be asked for without underscores, as in CoreDNS.
    private static DnsName underscored(DnsName name, DnsName base, int labelsBefore) {
        if (labelsBefore != 2) {
            return name;
        }
        String port = name.label(0);
        String protocol = name.label(1);
        boolean fits = port.length() < DnsName.MAX_LABEL_BYTES && protocol.length() < DnsName.MAX_LABEL_BYTES;
        boolean room = name.wireLength() + 2 <= DnsName.MAX_BYTES;
        return fits && room ? base.child(mark(protocol)).child(mark(port)) : name;
    }

    private static String mark(String label) {
        return label.startsWith("_") ? label : "_" + label;
    }

    private Lookup select(Question question, List<ResourceRecord> records) {
        Optional<ResourceRecord> alias =
                records.stream().filter(each -> each.is(RecordType.CNAME)).findFirst();
        if (alias.isPresent() && !question.wants(RecordType.CNAME.number())) {
            return alias.get().rdata() instanceof Rdata.Pointer(DnsName target)
                    ? new Lookup.Alias(alias.get(), target)
                    : new Lookup.NoRecords(domain, "broken alias");
        }
        List<ResourceRecord> answers =
                records.stream().filter(each -> question.wants(each.type())).toList();
        return answers.isEmpty()
                ? new Lookup.NoRecords(domain, "the name has other records")
                : new Lookup.Found(answers, additional(answers), Optional.empty());
    }

    /// The addresses of the hosts that SRV and NS records name, so that the client need not ask again.
    private List<ResourceRecord> additional(List<ResourceRecord> answers) {
        return answers.stream()
                .flatMap(each -> switch (each.rdata()) {
                    case Rdata.Srv(int _, int _, int _, DnsName target) -> addresses(target).stream();
                    case Rdata.Pointer(DnsName target) -> addresses(target).stream();
                    case Rdata.Address _, Rdata.Mx _, Rdata.Soa _, Rdata.Text _, Rdata.Raw _ ->
                        Stream.<ResourceRecord>of();
                })
                .distinct()
                .toList();
    }

    private List<ResourceRecord> addresses(DnsName host) {
        int labels = host.labelCount() - domain.labelCount();
        List<ResourceRecord> records = labels < SERVICE_LABELS
                ? fixed.getOrDefault(host, List.of())
                : services.zones()
                        .find(new ServiceName(host.label(labels - 2), host.label(labels - 3)))
                        .map(zone -> zone.records().getOrDefault(host, List.of()))
                        .orElse(List.of());
        return records.stream()
                .filter(each -> each.is(RecordType.A) || each.is(RecordType.AAAA))
                .toList();
    }

    /// Endpoints may have addresses outside the ranges, so the addresses we know go first.
    private Lookup findReverse(Question question, Cidr block) {
        boolean whole = block.prefix() == block.family().bits();
        Set<DnsName> names = whole ? services.pointers().at(block.base()) : Set.of();
        Optional<DnsName> apex = settings.reverseRanges().stream()
                .filter(range -> range.contains(block))
                .map(range -> ReverseName.zoneAbove(question.name(), range))
                .findFirst();
        if (apex.isPresent() && revision == 0) {
            return new Lookup.NotReady();
        }
        DnsName zone = apex.orElse(question.name());
        if (!names.isEmpty()) {
            return question.wants(RecordType.PTR.number())
                    ? new Lookup.Found(
                            names.stream().map(name -> pointer(question, name)).toList(), List.of(), Optional.empty())
                    : new Lookup.NoRecords(zone, "the name has other records");
        }
        if (apex.isEmpty()) {
            return new Lookup.Elsewhere();
        }
        return whole
                ? new Lookup.NoName(zone, "no Service and no headless endpoint has " + block.base())
                : new Lookup.NoRecords(zone, "part of an address");
    }

    private static ResourceRecord pointer(Question question, DnsName target) {
        return ResourceRecord.of(question.name(), RecordType.PTR, TTL, new Rdata.Pointer(target));
    }
}
