/// A whole JSON text in memory, read the plain way: to judge the streaming validator by, so it shares no code with it.
///
/// Like the validator it takes surrogates in strings, escaped or in WTF-8, and keeps numbers as they are written.
indirect enum PlainJSON {
    case word
    case number([UInt8])
    case string(PlainString)
    case array([PlainJSON])
    case object([PlainMember])

    var members: [PlainMember]? {
        if case .object(let members) = self { members } else { nil }
    }

    var elements: [PlainJSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var text: PlainString? {
        if case .string(let string) = self { string } else { nil }
    }

    /// The value where it is written as an unsigned integer of 64 bits.
    var integer: UInt64? {
        guard case .number(let text) = self, text.first != UInt8(ascii: "-") else { return nil }
        return UInt64(String(decoding: text, as: UTF8.self))
    }
}

struct PlainMember {
    let key: PlainString
    let value: PlainJSON
}

/// A string with what it stands for in WTF-8.
struct PlainString: Equatable {
    var bytes: [UInt8] = []
    /// The length between the quotes, as it is written.
    var writtenCount = 0
    var hasEscapes = false

    func reads(_ text: String) -> Bool { bytes.elementsEqual(text.utf8) }
}

/// Reads one JSON text by recursive descent.
struct PlainJSONReader {
    /// The text is no JSON.
    enum Failure: Error, Equatable {
        /// No JSON text begins with the bytes up to this one.
        case unexpected(at: Int)
        /// The text ends too early.
        case ended
        /// More brackets are open than `depthLimit`.
        case tooDeep
    }

    private let bytes: [UInt8]
    private let depthLimit: Int
    private var index = 0

    static func read(_ bytes: [UInt8], depthLimit: Int) throws(Failure) -> PlainJSON {
        var reader = PlainJSONReader(bytes: bytes, depthLimit: depthLimit)
        let value = try reader.value(depth: 1)
        reader.skipSpace()
        guard reader.index == bytes.count else { throw .unexpected(at: reader.index) }
        return value
    }

    private init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private func peek() throws(Failure) -> Unicode.Scalar {
        guard index < bytes.count else { throw .ended }
        return Unicode.Scalar(bytes[index])
    }

    /// The next byte after white space, not taken.
    private mutating func token() throws(Failure) -> Unicode.Scalar {
        skipSpace()
        return try peek()
    }

    private mutating func expect(_ text: String) throws(Failure) {
        for scalar in text.unicodeScalars {
            guard try peek() == scalar else { throw .unexpected(at: index) }
            index += 1
        }
    }

    private mutating func value(depth: Int) throws(Failure) -> PlainJSON {
        switch try token() {
        case "{": return try object(depth: depth)
        case "[": return try array(depth: depth)
        case "\"": return .string(try string())
        case "t": try expect("true")
        case "f": try expect("false")
        case "n": try expect("null")
        case "-", "0"..."9": return .number(try number())
        default: throw .unexpected(at: index)
        }
        return .word
    }

    private mutating func object(depth: Int) throws(Failure) -> PlainJSON {
        guard depth <= depthLimit else { throw .tooDeep }
        var members: [PlainMember] = []
        index += 1
        if try token() == "}" {
            index += 1
            return .object(members)
        }
        while true {
            guard try token() == "\"" else { throw .unexpected(at: index) }
            let key = try string()
            guard try token() == ":" else { throw .unexpected(at: index) }
            index += 1
            members.append(PlainMember(key: key, value: try value(depth: depth + 1)))
            let next = try token()
            guard next == "," || next == "}" else { throw .unexpected(at: index) }
            index += 1
            if next == "}" { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(Failure) -> PlainJSON {
        guard depth <= depthLimit else { throw .tooDeep }
        var elements: [PlainJSON] = []
        index += 1
        if try token() == "]" {
            index += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            let next = try token()
            guard next == "," || next == "]" else { throw .unexpected(at: index) }
            index += 1
            if next == "]" { return .array(elements) }
        }
    }

    private mutating func number() throws(Failure) -> [UInt8] {
        let start = index
        if try peek() == "-" { index += 1 }
        if try peek() == "0" {
            index += 1
            if index < bytes.count, 0x30...0x39 ~= bytes[index] { throw .unexpected(at: index) }
        } else {
            try digits()
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if ["+", "-"].contains(try peek()) { index += 1 }
            try digits()
        }
        return Array(bytes[start..<index])
    }

    private mutating func digits() throws(Failure) {
        guard "0"..."9" ~= (try peek()) else { throw .unexpected(at: index) }
        while index < bytes.count, 0x30...0x39 ~= bytes[index] { index += 1 }
    }

    private mutating func string() throws(Failure) -> PlainString {
        index += 1
        let start = index
        var string = PlainString()
        // The upper half of a pair whose lower half may follow as the next escape.
        var upper: UInt32?
        while true {
            let scalar = try peek()
            if scalar == "\"" { break }
            guard scalar == "\\" else {
                upper = nil
                try character(into: &string.bytes)
                continue
            }
            string.hasEscapes = true
            let unit = try escape()
            if let high = upper, 0xDC00...0xDFFF ~= unit {
                string.bytes.removeLast(3)
                Self.append(0x10000 + (high - 0xD800) * 0x400 + (unit - 0xDC00), to: &string.bytes)
                upper = nil
            } else {
                Self.append(unit, to: &string.bytes)
                upper = 0xD800...0xDBFF ~= unit ? unit : nil
            }
        }
        string.writtenCount = index - start
        index += 1
        return string
    }

    /// Takes one code point that stands for itself.
    private mutating func character(into output: inout [UInt8]) throws(Failure) {
        let first = bytes[index]
        let follows: [ClosedRange<UInt8>]
        let any: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0x20...0x7F: follows = []
        case 0xC2...0xDF: follows = [any]
        case 0xE0: follows = [0xA0...0xBF, any]
        case 0xE1...0xEF: follows = [any, any]
        case 0xF0: follows = [0x90...0xBF, any, any]
        case 0xF1...0xF3: follows = [any, any, any]
        case 0xF4: follows = [0x80...0x8F, any, any]
        default: throw .unexpected(at: index)
        }
        output.append(first)
        index += 1
        for range in follows {
            guard index < bytes.count else { throw .ended }
            guard range ~= bytes[index] else { throw .unexpected(at: index) }
            output.append(bytes[index])
            index += 1
        }
    }

    /// Takes one escape and returns its UTF-16 code unit.
    private mutating func escape() throws(Failure) -> UInt32 {
        index += 1
        let letter = try peek()
        let plain: [Unicode.Scalar: UInt32] = [
            "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
        ]
        if let unit = plain[letter] {
            index += 1
            return unit
        }
        guard letter == "u" else { throw .unexpected(at: index) }
        index += 1
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(try peek()).hexDigitValue, bytes[index] < 0x80 else {
                throw .unexpected(at: index)
            }
            unit = unit * 16 + UInt32(digit)
            index += 1
        }
        return unit
    }

    private static func append(_ code: UInt32, to output: inout [UInt8]) {
        if let scalar = Unicode.Scalar(code) {
            output += Array(UTF8.encode(scalar).map(Array.init) ?? [])
        } else {
            output += [0xED, UInt8(0x80 + (code >> 6 & 0x3F)), UInt8(0x80 + (code & 0x3F))]
        }
    }
}
