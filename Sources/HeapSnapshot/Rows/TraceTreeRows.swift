/// Checks the section `trace_tree`, from after the opening bracket to the closing one, across any number of chunks: rows
/// of numbers, with an array of further rows in the column of the children.
struct TraceTreeRows {
    private enum Token {
        case valueOrEnd, value, digits, commaOrEnd
    }

    /// nil where the header declares no functions: DevTools skips the section then, whatever its rows.
    private let layout: TraceNodeLayout?
    private let functionCount: UInt64
    private var token = Token.valueOrEnd
    /// The column of the next value, for each open bracket.
    private var columns = [0]
    private var value: UInt64 = 0
    private var valueOffset: UInt64 = 0

    /// `functionCount` is the number of rows in `trace_function_infos`.
    init(_ layout: TraceNodeLayout?, functionCount: UInt64) {
        self.layout = layout
        self.functionCount = functionCount
    }

    /// Returns true once the closing bracket is consumed, false at the end of the chunk.
    mutating func scan(_ cursor: inout Cursor) throws(Rejection) -> Bool {
        while !cursor.isAtEnd {
            let byte = cursor.bytes[cursor.index]
            if token == .digits {
                if byte.isDigit {
                    try appendDigit(byte)
                    cursor.index &+= 1
                    continue
                }
                try endNumber()
            }
            if !byte.isJSONWhiteSpace { try step(byte, at: cursor.offset) }
            cursor.index &+= 1
            if columns.isEmpty { return true }
        }
        return false
    }

    /// The column of the next value in the innermost array.
    private var column: Int { columns.last ?? 0 }

    /// Takes a byte that is neither white space nor within a number.
    private mutating func step(_ byte: UInt8, at offset: UInt64) throws(Rejection) {
        switch (token, byte) {
        case (.value, UInt8(ascii: "[")), (.valueOrEnd, UInt8(ascii: "[")):
            try openChildren(at: offset)
        case (.value, _) where byte.isDigit, (.valueOrEnd, _) where byte.isDigit:
            if let layout, column == layout.children {
                throw .breaks(.traceTreeNodes, at: offset, "a number stands where a node has its children")
            }
            value = UInt64(byte &- UInt8(ascii: "0"))
            valueOffset = offset
            token = .digits
        case (.commaOrEnd, UInt8(ascii: ",")):
            token = .value
        case (.commaOrEnd, UInt8(ascii: "]")), (.valueOrEnd, UInt8(ascii: "]")):
            try close(at: offset)
        case (.commaOrEnd, _):
            let isNumeric = byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
            throw isNumeric
                ? .breaks(.unsignedInteger, at: offset, "a number is not an integer")
                : .breaks(.jsonSyntax, at: offset, "a value is followed by neither a comma nor a bracket")
        default:
            throw .breaks(.unsignedInteger, at: offset, "a value is neither an array nor an unsigned integer")
        }
    }

    private mutating func openChildren(at offset: UInt64) throws(Rejection) {
        if let layout, column != layout.children {
            throw .breaks(.traceTreeNodes, at: offset, "an array stands where a node has a number")
        }
        guard columns.count < ValueScanner.depthLimit else {
            throw .breaks(.nestingDepth, at: offset, "more than \(ValueScanner.depthLimit) brackets are open")
        }
        columns.append(0)
        token = .valueOrEnd
    }

    private mutating func close(at offset: UInt64) throws(Rejection) {
        if let layout {
            guard column == 0 else {
                throw .breaks(
                    .wholeRows, at: offset, "the last row has \(column) of \(layout.fieldCount) values")
            }
            guard columns.count > 1 || token == .commaOrEnd else {
                throw .breaks(.traceTreeNodes, at: offset, "there is no root")
            }
        }
        columns.removeLast()
        endValue()
    }

    private mutating func appendDigit(_ byte: UInt8) throws(Rejection) {
        if value == 0 { throw .breaks(.unsignedInteger, at: valueOffset, "a number has a leading zero") }
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
        if overflow || carry { throw .breaks(.integerRange, at: valueOffset, "a number does not fit in 64 bits") }
        value = sum
    }

    private mutating func endNumber() throws(Rejection) {
        if let layout, column == layout.function, value >= functionCount {
            throw .breaks(
                .traceTreeFunction, at: valueOffset, "\(value) is not below the \(functionCount) functions")
        }
        endValue()
    }

    private mutating func endValue() {
        token = .commaOrEnd
        guard let layout, let last = columns.indices.last else { return }
        columns[last] &+= 1
        if columns[last] == layout.fieldCount { columns[last] = 0 }
    }
}
