import Testing

@testable import SnapshotWriter

@Suite struct SnapshotNameTests {
    @Test(arguments: [
        ("Heap.20261122.185528.1677.0.001.heapsnapshot", true),
        ("Heap.20261122.185528.1677.0.1234.heapsnapshot", true),
        // A worker's.
        ("Heap.20261122.185528.1677.12.001.heapsnapshot", false),
        ("Heap.20261122.185528.1678.0.001.heapsnapshot", false),
        ("Heap.20261122.185528.16770.0.001.heapsnapshot", false),
        ("Heap.20261122.185528.1677.0.001.heapsnapshot.gz", false),
        ("Heap.20261122.185528.1677.0.heapsnapshot", false),
        ("Heap.2026112x.185528.1677.0.001.heapsnapshot", false),
        ("x.Heap.20261122.185528.1677.0.001.heapsnapshot", false),
        ("heapdump-1.2.heapsnapshot", false), (".heapsnapshot", false), ("", false),
    ])
    func nodesOwn(name: String, expected: Bool) {
        #expect(SnapshotName.isOfNode(name, pid: 1677) == expected)
    }

    @Test(arguments: [
        ("heapdump-6543210.123456.heapsnapshot", true), ("heapdump-1.2.heapsnapshot", true),
        ("heapdump-1.heapsnapshot", false), ("heapdump-1.2.3.heapsnapshot", false),
        ("heapdump-.2.heapsnapshot", false), ("heapdump-a.2.heapsnapshot", false), ("heapdump-.heapsnapshot", false),
        ("heapdump-1.2.heapsnapshot.partial", false), ("heapdump.heapsnapshot", false),
    ])
    func theAddons(name: String, expected: Bool) {
        #expect(SnapshotName.isOfAddon(name) == expected)
    }
}
