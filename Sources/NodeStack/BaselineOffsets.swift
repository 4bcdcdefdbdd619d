import V8Metadata

/// V8's table of which baseline code is from which bytecode (bytecode-offset-iterator.h): of the code before the first bytecode and
/// then of each one's, the length in bytes.
struct BaselineOffsets {
    /// Each a number of variable length, without sign.
    let lengths: [UInt8]
    let bytecodes: [UInt8]
    let sizes: BytecodeSizes

    /// - Parameter place: where a call returns to, in bytes from the first instruction; or the place itself and one.
    /// - Returns: where its bytecode begins; nil where the tables do not fit each other, and before the first one.
    func offset(ofCode place: Int) -> Int? {
        var rest = lengths[...]
        guard var end = Self.length(&rest) else { return nil }
        var offset: Int?
        var next = 0
        while end < place {
            guard let length = Self.length(&rest), let size = sizes.size(of: bytecodes, at: next) else { return nil }
            end += length
            offset = next
            next += size
        }
        return offset
    }

    /// nil also for what no code is as long as.
    private static func length(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        VariableLength.number(&bytes).flatMap { $0 >> 35 == 0 ? Int($0) : nil }
    }
}
