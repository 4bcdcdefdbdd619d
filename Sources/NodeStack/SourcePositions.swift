import ELF
import V8Metadata

/// V8's table of where in the source each piece of code is from (source-position-table.cc): pairs of differences, each a number of
/// variable length with its sign in the lowest bit.
struct SourcePositions {
    private let bytes: [UInt8]

    /// nil where there is none.
    init?(_ objects: HeapObjects, _ table: UInt64) {
        // A byte array: its length as a tagged number, then the bytes.
        guard let length = objects.field(table, 8).flatMap(HeapObjects.number), (1...Self.mostBytes).contains(length),
            let bytes = objects.memory.bytes(at: table &- 1 &+ 16, count: length)
        else { return nil }
        self.bytes = bytes
    }

    private static let mostBytes = 1 << 20

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A place in the source as V8 packs it (source-position.h).
    struct Value: Equatable {
        /// In UTF-16 units from the script's begin; nil for code that is from no script, such as WebAssembly.
        let offset: Int?
        /// Which inlined function it is in; nil for none.
        let inlining: Int?

        init(_ bits: UInt64) {
            let offset = Int(bits >> 1 & 0x3FFF_FFFF) - 1
            self.offset = bits & 1 == 0 && offset >= 0 ? offset : nil
            let inlining = Int(bits >> 31 & 0xFFFF) - 1
            self.inlining = inlining >= 0 ? inlining : nil
        }
    }

    /// What the code at an offset is from; nil if the table does not say.
    /// - Parameter offset: in bytes from the first instruction or bytecode.
    func value(at offset: Int) -> Value? {
        var rest = bytes[...]
        // The first difference is from the function's entry, which comes before all code.
        var code = -1
        var bits: Int = 0
        var found: Value?
        while let codeStep = Self.number(&rest), let bitsStep = Self.number(&rest) {
            // Statements are told from expressions by the sign.
            code += codeStep >= 0 ? codeStep : -(codeStep + 1)
            bits &+= bitsStep
            if code > offset { break }
            found = Value(UInt64(bitPattern: Int64(bits)))
        }
        return found
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        var bits: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = bytes.popFirst() {
            guard shift < 63 else { return nil }
            bits |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte & 0x80 == 0 { return Int(bits >> 1) ^ -Int(bits & 1) }
        }
        return nil
    }
}
