/// Reads a flat array of unsigned integers as rows of a fixed width, from after the opening bracket to the closing
/// one, across any number of chunks.
///
/// Whole rows within a chunk that are written as V8 writes them go through `scanWholeRows`; everything else — white
/// space, chunk ends, errors — goes byte by byte, which alone decides where an error is.
struct RowScanner: ~Copyable {
    private enum Token {
        case numberOrEnd, number, sign, digits, commaOrEnd
    }

    private let width: Int
    private let values: UnsafeMutablePointer<UInt64>
    private let offsets: UnsafeMutablePointer<UInt64>
    private var token = Token.numberOrEnd
    private var column = 0
    private var value: UInt64 = 0
    private var valueOffset: UInt64 = 0
    private var isNegative = false

    private static let mostNegative: UInt64 = 1 << 31

    init(width: Int) {
        self.width = max(width, 1)
        values = .allocate(capacity: self.width)
        offsets = .allocate(capacity: self.width)
        values.initialize(repeating: 0, count: self.width)
        offsets.initialize(repeating: 0, count: self.width)
    }

    deinit {
        values.deallocate()
        offsets.deallocate()
    }

    /// Whether a comma was the last, and a row is to follow.
    var isBetweenRows: Bool { column == 0 && token == .number }

    /// Returns true once the closing bracket is consumed, false at the end of the chunk.
    mutating func scan<Rows: RowConsumer & ~Copyable>(
        _ cursor: inout Cursor, _ rows: inout Rows
    ) throws(Rejection) -> Bool {
        var mayBeWhole = true
        while !cursor.isAtEnd {
            if mayBeWhole, column == 0, token == .number || token == .numberOrEnd {
                let start = cursor.index
                cursor.index = try rows.scanWhole(cursor, width: width, values: values, offsets: offsets)
                if cursor.index > start { token = .number }
                // What stopped the kernel is one row for the byte-wise scan.
                mayBeWhole = false
                continue
            }
            let byte = cursor.bytes[cursor.index]
            if token == .digits {
                if byte.isDigit {
                    try appendDigit(byte, at: cursor.offset)
                    cursor.index &+= 1
                    continue
                }
                mayBeWhole = try endNumber(&rows)
            }
            if token == .sign {
                try beginDigits(byte, at: cursor.offset)
            } else if !byte.isJSONWhiteSpace, try step(byte, at: cursor.offset, rows.signedColumn) {
                cursor.index &+= 1
                return true
            }
            cursor.index &+= 1
        }
        return false
    }

    /// Takes a byte that is neither white space nor within a number. Returns true for the closing bracket.
    @inline(__always)
    private mutating func step(_ byte: UInt8, at offset: UInt64, _ signedColumn: Int?) throws(Rejection) -> Bool {
        switch (token, byte) {
        case (.numberOrEnd, _) where byte.isDigit, (.number, _) where byte.isDigit:
            value = UInt64(byte &- UInt8(ascii: "0"))
            valueOffset = offset
            isNegative = false
            token = .digits
        case (.number, UInt8(ascii: "-")) where column == signedColumn,
            (.numberOrEnd, UInt8(ascii: "-")) where column == signedColumn:
            valueOffset = offset
            token = .sign
        case (.commaOrEnd, UInt8(ascii: ",")):
            token = .number
        case (.commaOrEnd, UInt8(ascii: "]")), (.numberOrEnd, UInt8(ascii: "]")):
            guard column == 0 else {
                throw .breaks(.wholeRows, at: offset, "the last row has \(column) of \(width) numbers")
            }
            return true
        case (.commaOrEnd, _):
            let isNumeric = byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
            throw isNumeric
                ? .breaks(.unsignedInteger, at: offset, "a number is not an integer")
                : .breaks(.jsonSyntax, at: offset, "a number is followed by neither a comma nor a bracket")
        default:
            throw .breaks(.unsignedInteger, at: offset, "a number begins with something else than a digit")
        }
        return false
    }

    /// Takes the first byte after a minus sign.
    private mutating func beginDigits(_ byte: UInt8, at offset: UInt64) throws(Rejection) {
        guard byte.isDigit, byte != UInt8(ascii: "0") else {
            throw .breaks(
                .unsignedInteger, at: offset, "a minus sign is followed by something else than a digit from 1 to 9")
        }
        value = UInt64(byte &- UInt8(ascii: "0"))
        isNegative = true
        token = .digits
    }

    private mutating func appendDigit(_ byte: UInt8, at offset: UInt64) throws(Rejection) {
        if value == 0 { throw .breaks(.unsignedInteger, at: valueOffset, "a number has a leading zero") }
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
        if overflow || carry { throw .breaks(.integerRange, at: valueOffset, "a number does not fit in 64 bits") }
        value = sum
    }

    /// Returns true where the number was the last of its row.
    private mutating func endNumber<Rows: RowConsumer & ~Copyable>(_ rows: inout Rows) throws(Rejection) -> Bool {
        token = .commaOrEnd
        if isNegative, value > Self.mostNegative {
            throw .breaks(.integerRange, at: valueOffset, "a negative number does not fit in 32 bits")
        }
        values[column] = isNegative ? 0 &- value : value
        offsets[column] = valueOffset
        column &+= 1
        guard column == width else { return false }
        column = 0
        try rows.accept(values, offsets)
        return true
    }
}
