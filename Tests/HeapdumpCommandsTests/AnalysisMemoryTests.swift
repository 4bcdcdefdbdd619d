import Testing

@testable import HeapSnapshot
@testable import HeapdumpCommands

/// The memory that an analysis is told of.
struct AnalysisMemoryTests {
    /// A second analysis of one program is not refused for what the first one left.
    @Test func countsWhatAnEarlierAnalysisLeft() throws {
        let kept = ColumnMemory()
        let block = try #require(kept.allocate(64 << 20))
        kept.free(block.start, block.bytes)
        #expect(kept.keptBytes == 64 << 20)
        #expect(AnalysisMemory.read(besides: kept).available ?? .max > 0)
        #expect(kept.keptBytes == 0)
    }

    /// Every node and edge takes some, and text as much as it is long.
    @Test func growsWithTheHeap() {
        let small = AnalysisMemory.estimate(nodes: 1000, edges: 4000, documentBytes: 100_000)
        #expect(AnalysisMemory.estimate(nodes: 2000, edges: 4000, documentBytes: 100_000) > small)
        #expect(AnalysisMemory.estimate(nodes: 1000, edges: 8000, documentBytes: 200_000) > small)
        #expect(AnalysisMemory.estimate(nodes: 1000, edges: 4000, documentBytes: 10_100_000) >= small + 10_000_000)
    }
}
