import Testing

@testable import HeapAnalysis

/// The fuzzer's properties, asked of heaps of random bytes and of what it once found.
struct AnalysisPropertyTests {
    @Test(arguments: [1, 2, 3, 4])
    func holdOfRandomHeaps(part: UInt64) {
        for seed in 0..<75 {
            var random = SeededGenerator(state: part << 32 | UInt64(seed))
            let bytes = (0..<Int.random(in: 1...400, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(AnalysisProperties.violation(on: bytes) == nil, "seed \(part) \(seed)")
        }
    }

    /// Those heaps are worth nothing where they have none of what is hard.
    @Test func areAskedOfWhatIsHard() {
        var (nodes, long, wide) = (0, 0, 0)
        for seed in 0..<75 {
            var random = SeededGenerator(state: 1 << 32 | UInt64(seed))
            let bytes = (0..<Int.random(in: 1...400, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let heap = HostileHeap(bytes)
            nodes += heap.nodeCount
            long += heap.text.contains(String(repeating: "l", count: 1024)) ? 1 : 0
            wide += heap.totalSize > UInt64(UInt32.max) ? 1 : 0
        }
        #expect(nodes > 1000 && long > 10 && wide > 10)
    }

    @Test(arguments: AnalysisFinding.all) func holdOfWhatTheFuzzerFound(finding: AnalysisFinding) {
        #expect(AnalysisProperties.violation(on: finding.bytes) == nil)
    }
}
