package dev.fairway.bench;

import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.Dataplane;
import dev.fairway.kernel.Sysctl;
import dev.fairway.table.TableFeed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// New connections each second and the throughput of one, to a pod, through our rules and through a chain for each
/// Service and endpoint; the places take turns in each round. Whoever has more processor time has more connections, so
/// the judgement is on what each costs of it, and what others use of the machine matters less.
public final class ConnectionsBench {

    private static final List<Integer> SIZES = List.of(1, 10_000);
    /// Ours, chains that do the same, and chains that only choose.
    private static final int LAYOUTS = 3;
    private static final int ENDPOINTS = 10;
    private static final int SERVICE_PORT = 80;
    private static final long PATIENCE_MILLIS = 600_000;
    /// Short, so that other work on the machine meets all places alike.
    private static final double TURN_SECONDS = 0.25;
    /// Java compiles: not counted.
    private static final int WARM_UP_ROUNDS = 8;
    /// What the same layout, measured twice, differs by on a machine that does other work too.
    private static final double NOISE = 0.03;

    private static final Report REPORT = new Report(System.out);

    private ConnectionsBench() {}

    public static void main(String[] args) throws Exception {
        List<String> given = Arrays.stream(args).filter(arg -> !arg.isEmpty()).toList();
        int rounds = Math.max(1, (int) ((given.isEmpty() ? 20 : Integer.parseInt(given.getFirst())) / TURN_SECONDS));
        REPORT.say(
                "machine: %d processors, load %s, kernel %s, %s",
                Runtime.getRuntime().availableProcessors(),
                Proc.load(),
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                Nft.version());
        Outcome outcome = new Outcome(REPORT);
        List<Place> places = new ArrayList<>(List.of(direct()));
        for (int services : SIZES) {
            places.add(ours(services));
            places.add(chains("chains", services, ChainLayout.complete(services, ENDPOINTS)));
            places.add(chains("choice", services, ChainLayout.all(services, ENDPOINTS)));
        }
        measureInTurn(places, WARM_UP_ROUNDS);
        List<Measured> measured = measureInTurn(places, rounds);
        for (int at = 0; at < SIZES.size(); at++) {
            List<Measured> layouts = measured.subList(1 + LAYOUTS * at, 1 + LAYOUTS * (at + 1));
            judge(outcome, SIZES.get(at), measured.getFirst(), layouts);
        }
        System.exit(outcome.end("connections and streams through our rules cost no more than through a chain for each"
                + " Service and endpoint, but for 3 % of noise"));
    }

    /// Where a client connects to one address, through one layout of rules.
    private record Place(PacketNetwork network, InetSocketAddress to) {

        static Place of(String name, IpAddress address, int port) throws Exception {
            PacketNetwork network = PacketNetwork.create(name);
            Traffic.serve(network);
            return new Place(network, new InetSocketAddress(address.toInetAddress(), port));
        }

        /// Each second thousands of connections end; the kernel counts those that it still remembers.
        Place forgettingSoon() {
            for (String state : List.of("time_wait", "close", "close_wait", "last_ack", "fin_wait")) {
                Sysctl.write(network.node(), "net.netfilter.nf_conntrack_tcp_timeout_" + state, "1");
            }
            return this;
        }
    }

    private static Place direct() throws Exception {
        return Place.of("direct", Cluster.endpoint(0, 0), Traffic.SERVER_PORT);
    }

    private static Place ours(int services) throws Exception {
        Place place = Place.of("ours" + services, Cluster.clusterIp(services - 1), SERVICE_PORT);
        TableFeed feed = new TableFeed();
        feed.publish(Cluster.table(1, services, ENDPOINTS, 0));
        // the rules stay when it is closed
        try (Dataplane dataplane = Dataplane.start(place.network().node(), PacketNetwork.NODE, feed)) {
            if (!dataplane.awaitRealized(1, PATIENCE_MILLIS)) {
                throw new IOException("not in force: " + dataplane.realized());
            }
        }
        return place.forgettingSoon();
    }

    private static Place chains(String name, int services, List<String> batches) throws Exception {
        Place place = Place.of(name + services, Cluster.clusterIp(services - 1), SERVICE_PORT);
        for (String batch : batches) {
            Nft.millis(place.network().node(), batch);
        }
        return place.forgettingSoon();
    }

    /// One pace of each round.
    private record Measured(List<Traffic.Pace> connections, List<Traffic.Pace> megabytes) {

        Measured() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private static List<Measured> measureInTurn(List<Place> places, int rounds) throws Exception {
        List<Measured> measured = places.stream().map(_ -> new Measured()).toList();
        for (int round = 0; round < rounds; round++) {
            for (int at = 0; at < places.size(); at++) {
                Place place = places.get(at);
                measured.get(at).connections().add(Traffic.connections(place.network(), place.to(), TURN_SECONDS));
            }
            for (int at = 0; at < places.size(); at++) {
                Place place = places.get(at);
                measured.get(at).megabytes().add(Traffic.megabytes(place.network(), place.to(), TURN_SECONDS));
            }
        }
        return measured;
    }

    private static void judge(Outcome outcome, int services, Measured direct, List<Measured> layouts) {
        List<Measured> all = new ArrayList<>(List.of(direct));
        all.addAll(layouts);
        judge(outcome, services + " Services, connections", all.stream().map(Measured::connections).toList());
        judge(outcome, services + " Services, MB of one stream", all.stream().map(Measured::megabytes).toList());
    }

    private static void judge(Outcome outcome, String what, List<List<Traffic.Pace>> places) {
        compare(what + " each second", Traffic.Pace::perSecond, places);
        Figures ratio = compare(what + " each second of processor time", Traffic.Pace::perProcessorSecond, places);
        boolean slower = ratio.median() < 1 - NOISE && ratio.isBelow(1);
        outcome.claim(!slower, "%s: ours / chains is %s", what, ratio);
    }

    /// @return ours / chains
    private static Figures compare(
            String what, ToDoubleFunction<Traffic.Pace> figure, List<List<Traffic.Pace>> places) {
        List<Figures> all = places.stream()
                .map(paces -> new Figures(paces.stream().map(figure::applyAsDouble).toList()))
                .toList();
        Figures ours = all.get(1);
        Figures ratio = ours.dividedBy(all.get(2));
        REPORT.say("%s: direct %s, ours %s, chains %s, chains that only choose %s",
                what, all.get(0), ours, all.get(2), all.get(3));
        REPORT.say("%s: ours / direct %s, ours / chains %s, ours / chains that only choose %s",
                what, ours.dividedBy(all.get(0)), ratio, ours.dividedBy(all.get(3)));
        return ratio;
    }
}
