/// Numbers from the midst of a document, and whether they may be rows of some kind.
///
/// Where in a row a sample begins is not known: each possibility is tried.
struct RowSample {
    private var numbers: [UInt64] = []

    /// - Parameter text: from anywhere.
    /// - Returns: nil where not only numbers stand there.
    init?(_ text: UnsafeRawBufferPointer) {
        var value: UInt64?
        // The first number may lack its beginning, and the last one its end.
        var isWhole = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = (value ?? 0) &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
            case UInt8(ascii: ","):
                if isWhole { numbers.append(value ?? 0) }
                isWhole = true
                value = nil
            case UInt8(ascii: "-") where value == nil, UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "):
                continue
            default: return nil
            }
        }
    }

    private static let leastRows = 8

    /// - Parameter isRow: whether numbers may be a row.
    func hasRows(of width: Int, _ isRow: (ArraySlice<UInt64>) -> Bool) -> Bool {
        guard width > 0, numbers.count >= width * (Self.leastRows + 1) else { return false }
        return (0..<width).contains { phase in
            stride(from: phase, through: numbers.count - width, by: width).allSatisfy {
                isRow(numbers[$0..<$0 + width])
            }
        }
    }
}
