package dev.fairway.store;

class MemoryStoreTest extends StoreLaws {

    @Override
    Store open(ChangeWindow.Bounds bounds) {
        return new IndexedStore(new Engine.Memory(), bounds);
    }
}
