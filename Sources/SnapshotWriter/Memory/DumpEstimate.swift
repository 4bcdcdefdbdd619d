public import NodeProcess

/// What a dump costs, known before it is taken. The only place where costs are estimated; docs/estimates.md says how far off
/// it is, measured on real heaps.
public struct DumpEstimate: Sendable, Equatable {
    /// What a snapshot's file takes at most, in bytes.
    public let snapshotBytesAtMost: UInt64
    /// What it takes most likely, in bytes: most heaps make files up to three times as large, heaps that are mostly long strings,
    /// arrays of numbers or garbage make smaller ones.
    public let likelySnapshotBytes: UInt64
    /// Memory that V8 needs beside the heap while it takes the snapshot, in the process itself or in its copy, in bytes: what
    /// suffices for most heaps.
    public let extraBytes: UInt64
    /// The same for the worst of heaps: nothing but the smallest of objects.
    public let extraBytesAtMost: UInt64
    /// Memory that the process itself has to have left for its own copies of pages that it changes while a forked copy of it
    /// lives, in bytes. The copy is ended when a quarter of it is gone.
    public let copyOnWriteReserve: UInt64
    /// How long JavaScript stands still for a snapshot in the process itself, in seconds.
    public let pauseSeconds: Double
    /// The same for a fork, at most.
    public let forkPauseSeconds: Double

    /// - Parameters:
    ///   - heap: nil where V8 has not been asked: the process's own memory stands for it then, which is always more.
    ///   - anonymousBytes: of the process's own memory, resident or swapped out.
    ///   - version: nil where it is not known.
    public init(heap: HeapSizes?, anonymousBytes: UInt64, version: NodeVersion?) {
        // What no machine has would only overflow.
        let anonymous = min(anonymousBytes, 1 << 48)
        let heap = heap ?? HeapSizes(small: anonymous)
        // V8 writes 1.4 to 2.2 bytes for a byte of heap where it holds small objects, 3.5 for arrays of references, and 6 for a
        // character of a string that is not ASCII (`\u00e9`).
        likelySnapshotBytes = 1 << 20 + heap.small
        snapshotBytesAtMost = max(16 << 20, anonymous * 7)
        // V8 takes 30 to 40 bytes for a reference, which is 4 for a byte of an array, and 1.2 kB for an object that is not an
        // array, of 24 bytes and more.
        extraBytes = Self.base + heap.small * 8 + heap.large * 5
        extraBytesAtMost = Self.base + heap.small * 36 + heap.large * 5
        copyOnWriteReserve = max(16 << 20, anonymous / 20)
        pauseSeconds = StallEstimate.seconds(heapBytes: Double(heap.total), version: version)
        // 0.05 to 0.1 ms for each MB of memory; a loaded machine takes longer, and a calm moment is waited for, 3 ms at a time.
        forkPauseSeconds = 0.005 + Double(anonymous) / 1e6 * 0.00025
    }

    /// More than any snapshot has: twice what the worst of heaps comes to, and what a heap may grow by while it is dumped.
    static func impossibleSnapshotBytes(anonymousBytes: UInt64) -> UInt64 {
        1 << 28 + min(anonymousBytes, 1 << 48) * 16
    }

    /// What V8 needs for any snapshot, and what opening the inspector takes.
    private static let base: UInt64 = 24 << 20
}
