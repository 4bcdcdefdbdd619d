/// A kind of file that people take for a heap snapshot, known by its first bytes.
struct ForeignFormat: Sendable {
    enum Mark: Sendable {
        case bytes([UInt8], at: Int = 0)
        /// nil stands for any byte.
        case pattern([UInt8?])
        /// Text at the beginning, after white space, in capitals or not.
        case text(String)
        /// First key of a JSON object.
        case key(String)
        case test(@Sendable ([UInt8]) -> Bool)
    }

    let marks: [Mark]
    let file: @Sendable ([UInt8]) -> ForeignFile

    init(_ reason: String, _ remedy: ForeignFile.Remedy? = nil, _ marks: Mark...) {
        self.marks = marks
        file = { _ in ForeignFile(reason: reason, remedy: remedy) }
    }

    init(_ mark: Mark, _ file: @escaping @Sendable ([UInt8]) -> ForeignFile) {
        marks = [mark]
        self.file = file
    }

    func matches(_ prefix: [UInt8]) -> Bool { marks.contains { $0.matches(prefix) } }
}

extension ForeignFormat.Mark {
    func matches(_ prefix: [UInt8]) -> Bool {
        switch self {
        case .bytes(let bytes, let place):
            return prefix.dropFirst(place).starts(with: bytes)
        case .pattern(let pattern):
            return prefix.count >= pattern.count && zip(prefix, pattern).allSatisfy { $1 == nil || $0 == $1 }
        case .text(let text):
            let beginning = prefix.drop(while: \.isJSONWhiteSpace).prefix(text.utf8.count)
            return zip(beginning, text.utf8).allSatisfy { $0.asLowerCase == $1.asLowerCase }
                && beginning.count == text.utf8.count
        case .key(let key):
            let text = prefix.drop(while: \.isJSONWhiteSpace)
            let members = text.dropFirst().drop(while: \.isJSONWhiteSpace)
            return text.first == UInt8(ascii: "{") && members.starts(with: "\"\(key)\"".utf8)
        case .test(let test):
            return test(prefix)
        }
    }
}

extension UInt8 {
    fileprivate var asLowerCase: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
