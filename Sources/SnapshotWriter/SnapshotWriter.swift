enum SnapshotWriterModule {}
