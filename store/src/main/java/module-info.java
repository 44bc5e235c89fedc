/// Revisioned keys with multi-key transactions, ranges and watch: on SQLite, in etcd or in memory.
///
/// It may touch: its own storage files, its connection to etcd and its one writer thread.
/// It never knows a Kubernetes word: keys are text, values are bytes.
/// Start at Store.
@org.jspecify.annotations.NullMarked
module dev.fairway.store {
    requires static transitive org.jspecify;
    requires io.vertx.core;
    requires java.sql;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;

    exports dev.fairway.store;
    exports dev.fairway.store.etcd;
}
