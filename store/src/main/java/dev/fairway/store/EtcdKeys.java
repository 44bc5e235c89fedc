package dev.fairway.store;

import dev.fairway.store.etcd.KeyValue;

/// Where a store's keys lie in etcd.
///
/// @param prefix `/fairway`: keys begin with a slash themselves
record EtcdKeys(String prefix) {

    String full(String key) {
        return prefix + key;
    }

    String start() {
        return prefix + "/";
    }

    /// The first key after all of the store's: the slash's successor.
    String end() {
        return prefix + "0";
    }

    /// Written in every transaction, so that its revision is that of the store's newest commit.
    String newest() {
        return prefix + ":newest";
    }

    /// Holds the revision up to which history was given up last.
    String compacted() {
        return prefix + ":compacted";
    }

    String bare(String full) {
        return full.substring(prefix.length());
    }

    Store.Entry entry(KeyValue found) {
        return new Store.Entry(bare(found.key()), found.value(), found.createRevision(), found.revision());
    }
}
