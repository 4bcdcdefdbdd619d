/// Checks the section `strings`, from after the opening bracket to the closing one, across any number of chunks.
struct StringRows {
    private enum Token {
        case stringOrEnd, string, body, commaOrEnd
    }

    private let rootName: UInt64
    private var token = Token.stringOrEnd
    private var scanner = StringScanner()
    private var startOffset: UInt64 = 0
    private(set) var count: UInt64 = 0
    /// nil where the strings are only checked.
    private let column: StringColumn?

    /// `rootName` is the index of the string that must be empty.
    init(rootName: UInt64, into column: StringColumn? = nil) {
        self.rootName = rootName
        self.column = column
    }

    /// Returns true once the closing bracket is consumed, false at the end of the chunk.
    mutating func scan(_ cursor: inout Cursor) throws(Rejection) -> Bool {
        while true {
            if token == .body {
                let start = cursor.index
                let isWhole = try scanner.scan(&cursor)
                // Without the closing quote.
                column?.append(cursor.bytes + start, cursor.index &- start &- (isWhole ? 1 : 0))
                guard isWhole else { return false }
                column?.endString()
                if count == rootName, !scanner.isEmpty {
                    throw .breaks(.rootNode, at: startOffset, "the first node's name is not empty")
                }
                count &+= 1
                token = .commaOrEnd
            }
            guard let byte = cursor.nextToken() else { return false }
            switch (token, byte) {
            case (.commaOrEnd, UInt8(ascii: ",")):
                token = .string
            case (.string, UInt8(ascii: "\"")), (.stringOrEnd, UInt8(ascii: "\"")):
                startOffset = cursor.offset
                scanner.begin()
                token = .body
            case (.commaOrEnd, UInt8(ascii: "]")), (.stringOrEnd, UInt8(ascii: "]")):
                cursor.index &+= 1
                return true
            case (.commaOrEnd, _):
                throw .breaks(
                    .jsonSyntax, at: cursor.offset, "a string is followed by neither a comma nor a bracket")
            default:
                throw .breaks(.stringElement, at: cursor.offset, "an element is not a string")
            }
            cursor.index &+= 1
        }
    }
}
