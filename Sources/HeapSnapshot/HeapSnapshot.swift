enum HeapSnapshotModule {}
