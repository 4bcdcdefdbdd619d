import Testing

@testable import NodeStack

/// Tables as V8 writes them: each number has its sign in the lowest bit, and goes on where the highest bit is set.
struct SourcePositionsTests {
    private static func encoded(_ numbers: [Int]) -> [UInt8] {
        numbers.flatMap { number -> [UInt8] in
            var bits = UInt64(bitPattern: Int64(number << 1 ^ number >> 63))
            var bytes: [UInt8] = []
            repeat {
                bytes.append(UInt8(bits & 0x7F) | (bits > 0x7F ? 0x80 : 0))
                bits >>= 7
            } while bits > 0
            return bytes
        }
    }

    /// Code offset and packed place of each entry.
    private static func table(_ entries: [(code: Int, bits: Int, isStatement: Bool)]) -> SourcePositions {
        var code = -1
        var bits = 0
        var numbers: [Int] = []
        for entry in entries {
            let step = entry.code - code
            numbers += [entry.isStatement ? step : -step - 1, entry.bits - bits]
            code = entry.code
            bits = entry.bits
        }
        return SourcePositions(bytes: encoded(numbers), form: .withSign)
    }

    private static func packed(_ offset: Int, inlining: Int? = nil) -> Int {
        (offset + 1) << 1 | (inlining.map { $0 + 1 } ?? 0) << 31
    }

    @Test func findsTheEntryThatCodeComesAfter() {
        let table = Self.table([
            (0, Self.packed(24), true), (5, Self.packed(31), false), (9, Self.packed(1_000_000), true),
        ])
        #expect(table.value(at: 0)?.offset == 24)
        #expect(table.value(at: 4)?.offset == 24)
        #expect(table.value(at: 5)?.offset == 31)
        #expect(table.value(at: 8)?.offset == 31)
        #expect(table.value(at: 500)?.offset == 1_000_000)
    }

    /// Since Node 25: two bits tell what kind each is, whatever they say.
    @Test func readsTheFormWithTwoBits() {
        let table = SourcePositions(
            bytes: [1 << 2 | 1, 24 << 2, 5 << 2 | 2, 7 << 2, 6 << 2 | 3, 4 << 2], form: .withTwoBits)
        // Positions are packed, and so twice what they are: half of each is an offset from 1.
        #expect(table.value(at: 0)?.offset == 23)
        #expect(table.value(at: 4)?.offset == 23)
        #expect(table.value(at: 5)?.offset == 30)
        #expect(table.value(at: 11)?.offset == 34)
    }

    @Test func saysNothingBeforeTheFirstEntry() {
        let table = Self.table([(23, Self.packed(7), true)])
        #expect(table.value(at: 22) == nil)
        #expect(SourcePositions(bytes: [], form: .withSign).value(at: 0) == nil)
    }

    @Test func tellsInlinedFunctions() {
        let table = Self.table([
            (0, Self.packed(7), true), (10, Self.packed(3, inlining: 0), true), (20, Self.packed(5, inlining: 4), true),
        ])
        #expect(table.value(at: 3)?.inlining == nil)
        #expect(table.value(at: 12) == SourcePositions.Value(UInt64(Self.packed(3, inlining: 0))))
        #expect(table.value(at: 12)?.inlining == 0)
        #expect(table.value(at: 25)?.inlining == 4)
        #expect(table.value(at: 25)?.offset == 5)
    }

    /// WebAssembly's and other languages' positions have the lowest bit set.
    @Test func takesNoOtherLanguagesPositions() {
        #expect(Self.table([(0, Self.packed(7) | 1, true)]).value(at: 0)?.offset == nil)
    }

    @Test(arguments: [[0x80], [0x02, 0x80, 0x80], [UInt8](repeating: 0xFF, count: 40)])
    func endsWithATableThatIsCut(_ bytes: [UInt8]) {
        #expect(SourcePositions(bytes: bytes, form: .withTwoBits).value(at: 100) == nil)
    }
}
