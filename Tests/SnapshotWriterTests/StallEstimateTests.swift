import NodeProcess
import Testing

@testable import SnapshotWriter

@Suite struct StallEstimateTests {
    @Test func growsWithTheHeapAndShrinksWithTheVersion() {
        let old = StallEstimate.seconds(heapBytes: 231e6, version: NodeVersion("v20.20.2"))
        let new = StallEstimate.seconds(heapBytes: 234e6, version: NodeVersion("v24.19.0"))
        #expect((20...82).contains(old))
        #expect((5...22).contains(new))
    }
}
