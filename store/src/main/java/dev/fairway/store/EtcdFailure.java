package dev.fairway.store;

import dev.fairway.store.etcd.RpcException;

/// What went wrong with etcd, as the store says it.
final class EtcdFailure {

    private static final int RESOURCE_EXHAUSTED = 8;

    private EtcdFailure() {}

    static StoreException reading(RpcException e) {
        return new StoreException(meaning(e, false), "reading the state failed: " + e.text(), e);
    }

    static StoreException writing(RpcException e) {
        String rest = e.maybeDone() ? "; it is not known whether the change was made" : "";
        return new StoreException(meaning(e, true), "writing the state failed: " + e.text() + rest, e);
    }

    static StoreException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StoreException(StoreException.Meaning.UNKNOWN_OUTCOME, "interrupted while waiting for etcd", e);
    }

    private static StoreException.Meaning meaning(RpcException e, boolean write) {
        if (write && e.maybeDone()) {
            return StoreException.Meaning.UNKNOWN_OUTCOME;
        }
        if (e.code() == RESOURCE_EXHAUSTED) {
            return StoreException.Meaning.FULL;
        }
        return e.isOutage() ? StoreException.Meaning.UNAVAILABLE : StoreException.Meaning.FAILED;
    }
}
