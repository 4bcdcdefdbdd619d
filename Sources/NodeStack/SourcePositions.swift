import ELF
import V8Metadata

/// V8's table of where in the source each piece of code is from (source-position-table.cc): pairs of differences, of the code's
/// offset and of the position, each a number of variable length.
struct SourcePositions {
    private let bytes: [UInt8]
    private let form: V8Metadata.PositionForm

    /// nil where there is none.
    init?(_ objects: HeapObjects, _ table: UInt64) {
        guard let bytes = objects.byteArray(table) else { return nil }
        self.init(bytes: bytes, form: objects.metadata.positionForm)
    }

    init(bytes: [UInt8], form: V8Metadata.PositionForm) {
        self.bytes = bytes
        self.form = form
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
        while let step = codeStep(&rest), let bitsStep = Self.signed(&rest) {
            code &+= step
            bits &+= bitsStep
            if code > offset { break }
            found = Value(UInt64(bitPattern: Int64(bits)))
        }
        return found
    }

    /// Code offsets only grow, which leaves bits for what kind of position it is.
    private func codeStep(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        switch form {
        case .withSign:
            return Self.signed(&bytes).map { $0 >= 0 ? $0 : -($0 + 1) }
        case .withTwoBits:
            return VariableLength.number(&bytes).map { Int($0 >> 2) }
        }
    }

    /// With the sign in the lowest bit.
    private static func signed(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        VariableLength.number(&bytes).map { Int($0 >> 1) ^ -Int($0 & 1) }
    }
}
