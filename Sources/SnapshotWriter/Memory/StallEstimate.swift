import NodeProcess

/// How long V8 keeps JavaScript standing still for an in-process snapshot.
enum StallEstimate {
    /// - Parameters:
    ///   - heapBytes: used size of V8's heap.
    ///   - version: nil where it is not known.
    /// - Returns: seconds. Measured on heaps of 6 to 1,000 MB of small objects on a 2-core machine; heaps of large
    ///   strings and buffers take less, and a busy machine takes longer.
    static func seconds(heapBytes: Double, version: NodeVersion?) -> Double {
        let megabytes = heapBytes / 1e6
        // V8 12 (Node 22) replaced a hash map that took most of the time of heaps above some 20 MB before.
        let extra = (version?.major ?? 22) >= 22 ? 0 : max(0, megabytes - 20) * 0.2
        return 0.1 + megabytes * 0.06 + extra
    }
}
