/// The name of an edge to a value of a WeakMap: `12 / part of key (Key @5) -> value (Object @7) pair in WeakMap (table @9)`.
struct WeakMapPairName {
    /// Of the number before what both edges' names have in common.
    let prefixLength: Int
    let tableID: UInt64

    private static let middle = Array(") -> value (".utf8)
    private static let prefix = Array(" / part of key (".utf8)
    private static let tail = Array(") pair in WeakMap (table @".utf8)

    init?(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while start < text.count, Self.isDigit(text[start]) { start += 1 }
        prefixLength = start
        guard start > 0, text[start...].starts(with: Self.prefix) else { return nil }
        start += Self.prefix.count

        // From the end: the id of the table, the words before, the id of the value.
        var end = text.count
        guard end > start, text[end - 1] == UInt8(ascii: ")") else { return nil }
        let tableEnd = end - 1
        guard let tableStart = Self.digits(text, before: tableEnd, from: start) else { return nil }
        end = tableStart - Self.tail.count
        guard end >= start, text[end..<tableStart].elementsEqual(Self.tail),
            let valueID = Self.digits(text, before: end, from: start), valueID - 2 >= start,
            text[valueID - 2] == UInt8(ascii: " "), text[valueID - 1] == UInt8(ascii: "@")
        else { return nil }
        let valueEnd = valueID - 2

        guard Self.hasMiddle(text, start, valueEnd), !Self.hasLineEnd(text[start..<valueEnd]),
            let id = UInt64(String(decoding: text[tableStart..<tableEnd], as: UTF8.self))
        else { return nil }
        tableID = id
    }

    /// Whether ` @5) -> value (` stands between the names of key and value.
    private static func hasMiddle(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var index = start
        while index + middle.count <= end {
            if text[index] == UInt8(ascii: ")"), text[index..<index + middle.count].elementsEqual(middle),
                let id = digits(text, before: index, from: start), id - 2 >= start,
                text[id - 1] == UInt8(ascii: "@"), text[id - 2] == UInt8(ascii: " ")
            {
                return true
            }
            index += 1
        }
        return false
    }

    /// Where the digits begin that end there; nil where there are none.
    private static func digits(_ text: UnsafeBufferPointer<UInt8>, before end: Int, from start: Int) -> Int? {
        var index = end
        while index > start, isDigit(text[index - 1]) { index -= 1 }
        return index < end ? index : nil
    }

    /// DevTools' expression matches no line ends in names: \n, \r, U+2028, U+2029.
    private static func hasLineEnd(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte == 0x0A || byte == 0x0D { return true }
            if byte == 0xE2, index + 2 < text.endIndex, text[index + 1] == 0x80, text[index + 2] & 0xFE == 0xA8 {
                return true
            }
            index += 1
        }
        return false
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }
}
