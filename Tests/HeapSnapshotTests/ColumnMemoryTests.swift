import Glibc
import Testing

@testable import HeapSnapshot

/// Where columns come from, and go to.
struct ColumnMemoryTests {
    private let memory = ColumnMemory()
    private static let unit = 1 << 20

    /// Fills each page, so that it is there, and can be told from others.
    private func block(_ units: Int, _ first: UInt64) throws -> ColumnMemory.Block {
        let block = try #require(memory.allocate(units * Self.unit))
        for (index, place) in stride(from: 0, to: block.bytes, by: 4096).enumerated() {
            block.start.storeBytes(of: first + UInt64(index), toByteOffset: place, as: UInt64.self)
        }
        return block
    }

    private func firstWords(_ block: ColumnMemory.Block, _ range: Range<Int>) -> [UInt64] {
        stride(from: range.lowerBound, to: range.upperBound, by: 4096)
            .map { block.start.load(fromByteOffset: $0, as: UInt64.self) }
    }

    /// By what the pages hold: moved ones hold what they held.
    @Test func putsALongBlockTogetherOfPagesOfOthers() throws {
        for (block, _) in [(try block(2, 1000), 0), (try block(3, 5000), 0), (try block(1, 9000), 0)] {
            memory.free(block.start, block.bytes)
        }
        #expect(memory.keptBytes == 6 * Self.unit)
        let long = try #require(memory.allocate(8 * Self.unit))
        #expect(long.used == 0..<6 * Self.unit && memory.keptBytes == 0)
        let pages = Self.unit / 4096
        let expected =
            (0..<2 * pages).map { 1000 + $0 } + (0..<3 * pages).map { 5000 + $0 } + (0..<pages).map { 9000 + $0 }
        #expect(firstWords(long, long.used).sorted() == expected.map(UInt64.init).sorted())
        #expect(firstWords(long, long.used.upperBound..<long.bytes).allSatisfy { $0 == 0 })
        // And apart again, as far as mappings go.
        memory.free(long.start, long.bytes)
        #expect(memory.keptBytes == 8 * Self.unit)
        let parts = try [5, 2, 1].map { try block($0, 0) }
        #expect(parts.map(\.used) == [5, 2, 1].map { 0..<$0 * Self.unit } && memory.keptBytes == 0)
        for part in parts { memory.free(part.start, part.bytes) }
    }

    @Test func putsPagesOfOthersAtTheEndOfWhatIsFilledFromThere() throws {
        let block = try block(2, 1000)
        memory.free(block.start, block.bytes)
        let long = try #require(memory.allocate(5 * Self.unit, fromEnd: true))
        #expect(long.used == 3 * Self.unit..<5 * Self.unit)
        #expect(firstWords(long, 0..<3 * Self.unit).allSatisfy { $0 == 0 })
        #expect(firstWords(long, long.used) == (0..<2 * Self.unit / 4096).map { UInt64(1000 + $0) })
        memory.free(long.start, long.bytes)
        #expect(memory.keptBytes == 5 * Self.unit)
    }

    @Test func takesNoMoreThanIsWantedOfALongBlock() throws {
        let long = try block(8, 1)
        memory.free(long.start, long.bytes)
        let short = try block(3, 1)
        #expect(short.used == 0..<short.bytes && memory.keptBytes == 5 * Self.unit)
        memory.free(short.start, short.bytes)
        let again = try #require(memory.allocate(3 * Self.unit))
        #expect(again.start == short.start, "a block of just this length is there")
        memory.free(again.start, again.bytes)
        #expect(memory.keptBytes == 8 * Self.unit)
    }

    @Test func givesBackToTheSystem() throws {
        let block = try block(4, 1)
        var isThere = [UInt8](repeating: 0, count: block.bytes / 4096)
        #expect(mincore(block.start, block.bytes, &isThere) == 0)
        memory.free(block.start, block.bytes)
        memory.giveBack()
        #expect(memory.keptBytes == 0)
        // Another thread may have taken the address by now; then its pages are not ours.
        let isMapped = mincore(block.start, block.bytes, &isThere) == 0
        #expect(!isMapped || isThere.contains { $0 & 1 == 0 })
    }

    @Test func keepsNothingOfWhatIsNotToBeKept() throws {
        let first = try block(2, 1)
        memory.free(first.start, first.bytes)
        let long = try block(4, 1)
        memory.free(long.start, long.bytes, isKept: false)
        #expect(memory.keptBytes == 0)
        #expect(try #require(memory.allocate(4 * Self.unit)).used.isEmpty)
    }

    @Test func hasNoRoomForTooMuch() throws {
        let block = try block(2, 1)
        memory.free(block.start, block.bytes)
        #expect(memory.allocate(1 << 52) == nil)
        #expect(ColumnMemory.rounded(.max) == nil)
        // What was kept is not lost with it.
        #expect(try self.block(2, 7).bytes == 2 * Self.unit)
    }

    /// Any lengths in any order, by several threads: every block is its owner's alone.
    @Test(arguments: 0..<4) func givesNoPageTwice(seed: UInt64) async {
        await withTaskGroup(of: Bool.self) { group in
            for thread in 0..<4 {
                group.addTask { Self.churn(memory, seed: seed &* 31 &+ UInt64(thread)) }
            }
            for await isSound in group { #expect(isSound) }
        }
        memory.giveBack()
        #expect(memory.keptBytes == 0)
    }

    private static func churn(_ memory: ColumnMemory, seed: UInt64) -> Bool {
        var state = seed &+ 0x9E37_79B9_7F4A_7C15
        func next(_ limit: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % limit
        }
        var owned: [(block: ColumnMemory.Block, mark: UInt64)] = []
        for round in 0..<200 as Range<UInt64> {
            if owned.count < 4 || next(2) == 0 {
                guard let bytes = ColumnMemory.rounded(Int(next(40) + 16) << 16),
                    let block = memory.allocate(bytes)
                else { return false }
                let mark = seed << 32 | round
                for place in stride(from: 0, to: block.bytes, by: 4096) {
                    block.start.storeBytes(of: mark, toByteOffset: place, as: UInt64.self)
                }
                owned.append((block, mark))
            } else {
                let (block, mark) = owned.remove(at: Int(next(UInt64(owned.count))))
                for place in stride(from: 0, to: block.bytes, by: 4096)
                where block.start.load(fromByteOffset: place, as: UInt64.self) != mark { return false }
                memory.free(block.start, block.bytes)
            }
        }
        for (block, _) in owned { memory.free(block.start, block.bytes) }
        return true
    }
}
