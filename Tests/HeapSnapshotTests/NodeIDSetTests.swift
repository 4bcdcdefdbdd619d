import Testing

@testable import HeapSnapshot

struct NodeIDSetTests {
    @Test func agreesWithASet() {
        var generator = SeededGenerator(state: 7)
        var ids = NodeIDSet(memoryLimit: 1 << 30)
        var reference: Set<UInt64> = []
        var next: UInt64 = 1
        for round in 0..<60_000 {
            let id: UInt64
            switch round % 4 {
            case 0, 1:
                id = next
                next += 2
            case 2: id = UInt64.random(in: 0..<1 << 18, using: &generator)
            default: id = UInt64.random(in: 0...(.max), using: &generator) >> UInt64(round % 50)
            }
            let isNew = ids.insert(id)
            #expect(isNew == reference.insert(id).inserted)
        }
        let isExhausted = ids.isExhausted
        #expect(!isExhausted)
    }

    @Test func descendingIdsAreKept() {
        var ids = NodeIDSet(memoryLimit: 1 << 30)
        var new = 0
        for id in (0..<5_000).reversed() { new += ids.insert(UInt64(id)) ? 1 : 0 }
        new += ids.insert(.max) ? 1 : 0
        #expect(new == 5_001)
        for id in 0..<5_000 { new += ids.insert(UInt64(id)) ? 1 : 0 }
        new += ids.insert(.max) ? 1 : 0
        #expect(new == 5_001)
    }

    @Test func fewIdsOfABlockAreKept() {
        var generator = SeededGenerator(state: 3)
        var ids = NodeIDSet(memoryLimit: 1 << 30)
        var reference: Set<UInt64> = []
        for _ in 0..<40_000 {
            let id = UInt64.random(in: 0..<1_000, using: &generator) << 16 | .random(in: 0..<12, using: &generator)
            let isNew = ids.insert(id)
            #expect(isNew == reference.insert(id).inserted)
        }
    }

    @Test func aLonelyIdTakesOnlyItsSlot() {
        // 10,000 blocks need 16,384 slots of 24 bytes; the next larger table, twice as large, is counted in advance.
        var ids = NodeIDSet(memoryLimit: 3 * 16_384 * 24)
        for id in 0..<10_000 { _ = ids.insert(UInt64(id) << 40) }
        let isExhausted = ids.isExhausted
        #expect(!isExhausted)
    }

    @Test func memoryHasALimit() {
        var ids = NodeIDSet(memoryLimit: 100_000)
        var new = 0
        for id in 0..<20_000 { new += ids.insert(UInt64(id) << 20) ? 1 : 0 }
        new += ids.insert(0) ? 1 : 0
        let isExhausted = ids.isExhausted
        #expect(isExhausted)
        #expect(new == 20_001)
    }

    @Test func exhaustionIsNoted() {
        var validator = SnapshotValidator(idMemoryLimit: 1_000)
        Array(Sample.text.utf8).withUnsafeBytes { validator.feed($0) }
        #expect(validator.finish() == .valid(Sample.counts))
        #expect(validator.notes.count == 1)
    }
}
