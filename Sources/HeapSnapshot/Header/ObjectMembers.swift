/// The members of one JSON object in a text that is known to be well-formed, each with the place of its value.
///
/// JSONDecoder would not do: it keeps one of several members with the same name, reads `1e3` as an integer, does not
/// tell where a value stands, and fails on values that nobody looks at.
struct ObjectMembers {
    struct Member {
        let value: Range<Int>
    }

    private let text: [UInt8]
    private let base: UInt64
    private var members: [RawText: Member] = [:]
    /// The place of the object itself.
    let offset: UInt64

    /// Reads the object that stands at `range` in `text`, of which the first byte is at `base` in the document.
    init(
        _ text: [UInt8], in range: Range<Int>, base: UInt64, breaking invariant: SnapshotInvariant
    ) throws(Rejection) {
        self.text = text
        self.base = base
        offset = base &+ UInt64(range.lowerBound)
        var walk = Walk(text: text, index: range.lowerBound &+ 1, end: range.upperBound)
        while let keyRange = walk.nextKey() {
            let place = base &+ UInt64(keyRange.lowerBound)
            let key = RawText(literal: text[keyRange])
            guard members.updateValue(Member(value: walk.nextValue()), forKey: key) == nil else {
                throw .breaks(invariant, at: place, "a key stands twice in one object")
            }
        }
    }

    /// Whether there is a member of that name.
    func has(_ name: String) -> Bool { member(name) != nil }

    /// The offset of the member's value in the document, of the object where there is none.
    func offset(of name: String) -> UInt64 {
        member(name).map { base &+ UInt64($0.value.lowerBound) } ?? offset
    }

    /// The member's value as an object, nil where it is none.
    func object(_ name: String, breaking invariant: SnapshotInvariant) throws(Rejection) -> ObjectMembers? {
        guard let member = member(name), text[member.value.lowerBound] == UInt8(ascii: "{") else { return nil }
        return try ObjectMembers(text, in: member.value, base: base, breaking: invariant)
    }

    /// The member's value as an unsigned decimal integer below 2^64, nil where it is none.
    func unsignedInteger(_ name: String) -> UInt64? {
        guard let member = member(name), text[member.value].allSatisfy(\.isDigit) else { return nil }
        return UInt64(String(decoding: text[member.value], as: UTF8.self))
    }

    /// The member's value as a list of strings, nil where it is something else.
    func names(_ name: String) -> [RawText]? {
        member(name).flatMap { names(in: $0.value) }
    }

    /// The list of strings that stands at `index` in the member's list, nil where there is none.
    func names(_ name: String, at index: Int) -> [RawText]? {
        guard let member = member(name), var walk = list(in: member.value) else { return nil }
        for _ in 0..<index where walk.nextElement() == nil { return nil }
        return walk.nextElement().flatMap(names(in:))
    }

    private func names(in range: Range<Int>) -> [RawText]? {
        guard var walk = list(in: range) else { return nil }
        var names: [RawText] = []
        while let element = walk.nextElement() {
            guard text[element.lowerBound] == UInt8(ascii: "\"") else { return nil }
            names.append(RawText(literal: text[element]))
        }
        return names
    }

    private func list(in range: Range<Int>) -> Walk? {
        guard text[range.lowerBound] == UInt8(ascii: "[") else { return nil }
        return Walk(text: text, index: range.lowerBound &+ 1, end: range.upperBound)
    }

    private func member(_ name: String) -> Member? { members[RawText(name)] }
}

/// Walks the members of one object or the elements of one array.
private struct Walk {
    let text: [UInt8]
    var index: Int
    let end: Int

    /// The next key with its quotes, nil at the end of the object.
    mutating func nextKey() -> Range<Int>? {
        while index < end, text[index] != UInt8(ascii: "\"") {
            if text[index] == UInt8(ascii: "}") { return nil }
            index &+= 1
        }
        guard index < end else { return nil }
        let start = index
        skipString()
        return start..<index
    }

    /// The next element, nil at the end of the array.
    mutating func nextElement() -> Range<Int>? {
        while index < end, text[index].isJSONWhiteSpace || text[index] == UInt8(ascii: ",") { index &+= 1 }
        guard index < end, text[index] != UInt8(ascii: "]") else { return nil }
        return nextValue()
    }

    /// The value that follows a key.
    mutating func nextValue() -> Range<Int> {
        while index < end, text[index].isJSONWhiteSpace || text[index] == UInt8(ascii: ":") { index &+= 1 }
        let start = index
        var depth = 0
        while index < end {
            switch text[index] {
            case UInt8(ascii: "\""):
                skipString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth &+= 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return trimmed(start) }
                depth &-= 1
            case UInt8(ascii: ",") where depth == 0: return trimmed(start)
            default: break
            }
            index &+= 1
        }
        return trimmed(start)
    }

    private func trimmed(_ start: Int) -> Range<Int> {
        var upper = index
        while upper > start, text[upper &- 1].isJSONWhiteSpace { upper &-= 1 }
        return start..<upper
    }

    private mutating func skipString() {
        index &+= 1
        while index < end, text[index] != UInt8(ascii: "\"") {
            index &+= text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index &+= 1
    }
}
