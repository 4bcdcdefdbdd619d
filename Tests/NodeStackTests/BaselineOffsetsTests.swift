import Testing
import V8Metadata

@testable import NodeStack

struct BaselineOffsetsTests {
    /// Bytecodes 0 to 3 are prefixes; 4 has one byte, 5 two and 6 three, with operands of one byte.
    private static let sizes: [UInt8] = [1, 1, 1, 1, 1, 2, 3] + [1, 1, 1, 1, 1, 3, 5] + [1, 1, 1, 1, 1, 5, 9]

    private func offsets(_ lengths: [UInt8], _ bytecodes: [UInt8]) throws -> BaselineOffsets {
        BaselineOffsets(lengths: lengths, bytecodes: bytecodes, sizes: try #require(BytecodeSizes(Self.sizes)))
    }

    @Test func findsTheBytecodeThatACallReturnsInto() throws {
        // 10 bytes of prologue, then 4, 20 and 6 bytes of code for three bytecodes.
        let table = try offsets([10, 4, 20, 6], [4, 5, 0, 6, 0, 0])
        #expect(table.offset(ofCode: 10) == nil)
        #expect(table.offset(ofCode: 11) == 0)
        #expect(table.offset(ofCode: 14) == 0)
        #expect(table.offset(ofCode: 15) == 1)
        #expect(table.offset(ofCode: 34) == 1)
        #expect(table.offset(ofCode: 35) == 3)
        #expect(table.offset(ofCode: 400) == nil)
    }

    @Test func countsPrefixesToTheirBytecode() throws {
        // Wide 5 has a prefix and three bytes, extra wide 6 a prefix and nine.
        let table = try offsets([1, 1, 1, 1], [0, 5, 0, 0, 1, 6, 0, 0, 0, 0, 0, 0, 0, 0, 4])
        #expect(table.offset(ofCode: 2) == 0)
        #expect(table.offset(ofCode: 3) == 4)
        #expect(table.offset(ofCode: 4) == 14)
    }

    @Test func readsLengthsOfSeveralBytes() throws {
        let table = try offsets([0x80 | 44, 2, 1], [4])
        #expect(table.offset(ofCode: 300) == nil)
        #expect(table.offset(ofCode: 301) == 0)
    }

    @Test func saysNothingOfBytecodesThatItDoesNotKnow() throws {
        #expect(try offsets([1, 1, 1], [200, 4]).offset(ofCode: 3) == nil)
        #expect(try offsets([1, 1, 1], [0]).offset(ofCode: 2) == nil)
        #expect(try offsets([], []).offset(ofCode: 2) == nil)
    }

    @Test(arguments: [[], [1, 1], [UInt8](repeating: 1, count: 16), [UInt8](repeating: 0, count: 21)])
    func takesNoTableThatCannotBeOne(_ sizes: [UInt8]) {
        #expect(BytecodeSizes(sizes) == nil)
    }
}
