/// The inner loop over `nodes` and `edges`, where nearly all bytes of a snapshot are.
enum RowKernel {
    private static let maxDigits = 16

    /// Reads rows of numbers of up to 16 digits, separated by `,` with an optional newline before the first of a row,
    /// as long as each stands whole in the chunk with its separator. Returns the index of the first byte not taken:
    /// the start of a row that is written otherwise, cut, or wrong in its form.
    @inline(__always)
    static func scanWholeRows(
        _ cursor: Cursor, width: Int, values: UnsafeMutablePointer<UInt64>, offsets: UnsafeMutablePointer<UInt64>,
        _ accept: (UnsafePointer<UInt64>, UnsafePointer<UInt64>) throws(Rejection) -> Void
    ) throws(Rejection) -> Int {
        let bytes = cursor.bytes
        let base = cursor.base
        var row = cursor.index
        // Each number takes at most 16 digits and two separators, and is read in words of 8 bytes.
        let reach = width.multipliedReportingOverflow(by: maxDigits &+ 2)
        guard !reach.overflow else { return row }
        let last = cursor.end &- reach.partialValue &- 16
        while row <= last {
            var index = row
            var column = 0
            var isWellFormed = true
            while column < width {
                offsets[column] = base &+ UInt64(truncatingIfNeeded: index)
                let first = bytes[index] &- UInt8(ascii: "0")
                if first <= 9, bytes[index &+ 1] == UInt8(ascii: ",") {
                    values[column] = UInt64(first)
                    index &+= 1
                } else {
                    let (value, length) = number(bytes + index)
                    values[column] = value
                    isWellFormed = isWellFormed && length > 0 && !(first == 0 && length > 1)
                    index &+= length
                }
                column &+= 1
                if column == width, bytes[index] == UInt8(ascii: "\n") { index &+= 1 }
                isWellFormed = isWellFormed && bytes[index] == UInt8(ascii: ",")
                index &+= 1
            }
            guard isWellFormed else { return row }
            try accept(values, offsets)
            row = index
        }
        return row
    }

    /// The number at the start of `bytes` and its count of digits, at most 16. Reads 16 bytes.
    @inline(__always)
    private static func number(_ bytes: UnsafePointer<UInt8>) -> (value: UInt64, length: Int) {
        let word = load(bytes)
        let length = digitCount(word)
        if length < 8 { return (length == 0 ? 0 : decimal(word, length), length) }
        let high = decimal(word, 8)
        let rest = load(bytes + 8)
        let restLength = digitCount(rest)
        if restLength == 0 { return (high, 8) }
        return (high &* powersOfTen(restLength) &+ decimal(rest, restLength), 8 &+ restLength)
    }

    @inline(__always)
    private static func load(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    }

    /// How many of the word's bytes, from the lowest, are digits.
    @inline(__always)
    private static func digitCount(_ word: UInt64) -> Int {
        // The high bit of a byte is set above "9", or below "0" by a borrow. Only bytes above the first hit can be
        // flagged wrongly, and a byte with the high bit set is flagged by the third term.
        let others =
            ((word &+ 0x4646_4646_4646_4646) | (word &- 0x3030_3030_3030_3030) | word) & 0x8080_8080_8080_8080
        return others.trailingZeroBitCount &>> 3
    }

    /// The value of the word's lowest `length` bytes, 1 to 8 digits, the lowest byte the most significant.
    @inline(__always)
    private static func decimal(_ word: UInt64, _ length: Int) -> UInt64 {
        var digits = (word &<< UInt64(truncatingIfNeeded: (8 &- length) &* 8)) & 0x0F0F_0F0F_0F0F_0F0F
        digits = (digits &* 10) &+ (digits &>> 8)
        let pairs: UInt64 = 0x0000_00FF_0000_00FF
        let upper = (digits & pairs) &* 0x000F_4240_0000_0064
        let lower = ((digits &>> 16) & pairs) &* 0x0000_2710_0000_0001
        return (upper &+ lower) &>> 32
    }

    @inline(__always)
    private static func powersOfTen(_ exponent: Int) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent { power = power &* 10 }
        return power
    }
}
