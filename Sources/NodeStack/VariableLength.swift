/// V8's numbers of variable length (vlq.h): seven bits a byte, the lowest first, and a bit that says whether more follow.
enum VariableLength {
    /// Removes a number from the front; nil at the end, and if it has more than 63 bits.
    static func number(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var bits: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = bytes.popFirst() {
            guard shift < 63 else { return nil }
            bits |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte & 0x80 == 0 { return bits }
        }
        return nil
    }
}
