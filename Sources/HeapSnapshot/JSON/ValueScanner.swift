/// Checks one JSON value of any kind across any number of chunks, without recursion and without keeping it.
struct ValueScanner {
    /// Deeper nesting is refused; V8's allocation stacks, the deepest it writes, end at 64 frames.
    static let depthLimit = 1_000

    private enum State {
        case value, valueOrEnd, keyOrEnd, key, colon, commaOrEnd, inString, inKey, literal
        case minus, zero, integer, point, fraction, exponent, exponentSign, exponentDigits
    }

    private var state = State.value
    /// One entry for each open bracket, true for an object.
    private var open: [Bool] = []
    private var string = StringScanner()
    private var literalRest: [UInt8] = []

    /// Returns true once the value is whole, false at the end of the chunk. A number at the top ends before the first
    /// byte that cannot belong to it.
    mutating func scan(_ cursor: inout Cursor) throws(Rejection) -> Bool {
        while true {
            switch state {
            case .inString, .inKey:
                guard try string.scan(&cursor) else { return false }
                state = state == .inKey ? .colon : .commaOrEnd
            case .literal:
                guard !cursor.isAtEnd else { return false }
                guard cursor.bytes[cursor.index] == literalRest.last else {
                    throw .breaks(.jsonSyntax, at: cursor.offset, "a word is neither true, false nor null")
                }
                literalRest.removeLast()
                cursor.index &+= 1
                if literalRest.isEmpty { state = .commaOrEnd }
            case .minus, .zero, .integer, .point, .fraction, .exponent, .exponentSign, .exponentDigits:
                guard !cursor.isAtEnd else { return false }
                if try stepNumber(cursor.bytes[cursor.index], at: cursor.offset) { cursor.index &+= 1 }
            case .value, .valueOrEnd, .keyOrEnd, .key, .colon, .commaOrEnd:
                if state == .commaOrEnd, open.isEmpty { return true }
                guard let byte = cursor.nextToken() else { return false }
                try stepStructure(byte, at: cursor.offset)
                cursor.index &+= 1
            }
        }
    }

    private mutating func stepStructure(_ byte: UInt8, at offset: UInt64) throws(Rejection) {
        switch (state, byte) {
        case (.valueOrEnd, UInt8(ascii: "]")), (.keyOrEnd, UInt8(ascii: "}")): close()
        case (.value, _), (.valueOrEnd, _): try beginValue(byte, at: offset)
        case (.keyOrEnd, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")):
            string.begin()
            state = .inKey
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.commaOrEnd, UInt8(ascii: ",")): state = open.last == true ? .key : .value
        case (.commaOrEnd, UInt8(ascii: "}")) where open.last == true: close()
        case (.commaOrEnd, UInt8(ascii: "]")) where open.last == false: close()
        default: throw .breaks(.jsonSyntax, at: offset, "a character cannot stand here")
        }
    }

    private mutating func close() {
        open.removeLast()
        state = .commaOrEnd
    }

    private mutating func beginValue(_ byte: UInt8, at offset: UInt64) throws(Rejection) {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            guard open.count < Self.depthLimit else {
                throw .breaks(.nestingDepth, at: offset, "more than \(Self.depthLimit) brackets are open")
            }
            open.append(byte == UInt8(ascii: "{"))
            state = byte == UInt8(ascii: "{") ? .keyOrEnd : .valueOrEnd
        case UInt8(ascii: "\""):
            string.begin()
            state = .inString
        case UInt8(ascii: "-"): state = .minus
        case UInt8(ascii: "0"): state = .zero
        case UInt8(ascii: "t"): beginLiteral("eur")
        case UInt8(ascii: "f"): beginLiteral("esla")
        case UInt8(ascii: "n"): beginLiteral("llu")
        default:
            guard byte.isDigit else {
                throw .breaks(.jsonSyntax, at: offset, "a value cannot begin with this character")
            }
            state = .integer
        }
    }

    private mutating func beginLiteral(_ reversedRest: StaticString) {
        literalRest = reversedRest.withUTF8Buffer { [UInt8]($0) }
        state = .literal
    }

    /// Returns whether the byte belongs to the number.
    private mutating func stepNumber(_ byte: UInt8, at offset: UInt64) throws(Rejection) -> Bool {
        let isExponent = byte | 0x20 == UInt8(ascii: "e")
        switch state {
        case .minus where byte == UInt8(ascii: "0"): state = .zero
        case .minus where byte.isDigit, .integer where byte.isDigit: state = .integer
        case .zero where byte.isDigit:
            throw .breaks(.jsonSyntax, at: offset, "a number has a leading zero")
        case .zero where byte == UInt8(ascii: "."), .integer where byte == UInt8(ascii: "."):
            state = .point
        case .zero where isExponent, .integer where isExponent:
            state = .exponent
        case .fraction where isExponent: state = .exponent
        case .point where byte.isDigit, .fraction where byte.isDigit: state = .fraction
        case .exponent where byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"): state = .exponentSign
        case .exponent where byte.isDigit, .exponentSign where byte.isDigit, .exponentDigits where byte.isDigit:
            state = .exponentDigits
        case .zero, .integer, .fraction, .exponentDigits:
            state = .commaOrEnd
            return false
        default: throw .breaks(.jsonSyntax, at: offset, "a number lacks a digit")
        }
        return true
    }
}
