package dev.fairway.api.kind;

/// The kinds that own pods, as far as their rules differ.
enum Workload {
    /// Its selector is a plain map, and may be left out: then it is the template's labels.
    REPLICATION_CONTROLLER("replication controller"),
    REPLICA_SET("replica set"),
    DEPLOYMENT("deployment"),
    /// One pod for each node: no replicas.
    DAEMON_SET("daemonset");

    private final String words;

    Workload(String words) {
        this.words = words;
    }

    /// The kind's name in sentences.
    String words() {
        return words;
    }

    boolean countsReplicas() {
        return this != DAEMON_SET;
    }

    boolean hasLabelSelector() {
        return this != REPLICATION_CONTROLLER;
    }
}
