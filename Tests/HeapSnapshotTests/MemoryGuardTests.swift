import Testing

@testable import HeapSnapshot

/// Whether there is memory for what no header told of.
struct MemoryGuardTests {
    private final class Amount: @unchecked Sendable {
        var bytes: UInt64?
        var questions = 0

        init(_ bytes: UInt64?) { self.bytes = bytes }

        func guarding() -> MemoryGuard {
            let memory = MemoryGuard()
            memory.ask { [self] in
                questions += 1
                return bytes
            }
            return memory
        }
    }

    @Test func admitsAllWhereNobodyAsks() {
        #expect(MemoryGuard().admits(.max))
    }

    @Test func admitsAllWhereNothingLimitsIt() {
        let memory = Amount(nil).guarding()
        #expect(memory.admits(1 << 50) && memory.admits(1 << 50))
    }

    @Test func leavesAReserve() {
        let memory = Amount(116 << 20).guarding()
        #expect(!memory.admits(101 << 20) && memory.admits(100 << 20))
    }

    /// What was taken a moment ago may not be in use yet, and shows as there.
    @Test func countsWhatWasJustTaken() {
        let amount = Amount(116 << 20)
        let memory = amount.guarding()
        #expect(memory.admits(60 << 20))
        #expect(!memory.admits(60 << 20))
        amount.bytes = 56 << 20
        // In use by now.
        #expect(memory.admits(0) && memory.admits(8 << 20))
    }

    @Test func asksSeldomWhereThereIsMuch() {
        let amount = Amount(100 << 30)
        let memory = amount.guarding()
        for _ in 0..<10_000 { #expect(memory.admits(1 << 20)) }
        #expect(amount.questions < 5)
    }

    @Test func takesNoMoreThanThereIs() {
        let amount = Amount(1 << 30)
        let memory = amount.guarding()
        var used = 0
        while memory.admits(1 << 20), used < 2 << 30 {
            used += 1 << 20
            amount.bytes = UInt64(max(0, 1 << 30 - used))
        }
        #expect((700 << 20..<(1 << 30 - 16 << 20)).contains(used) && amount.questions < 1000)
    }

    @Test func asksAsAListGrows() {
        let amount = Amount(116 << 20)
        let memory = amount.guarding()
        var count = 0
        while memory.admitsNext(count, of: 64) { count += 1 }
        #expect(count >= 1 << 17 && count <= 1 << 20)
    }
}
