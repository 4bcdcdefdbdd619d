import FoundationEssentials
import HeapAnalysis
import NodeProcess

/// One JSON object on one line, so that the results of several processes or files are easy to take apart.
enum JSONLine {
    static func text(_ value: some Encodable) -> String {
        // The types that are printed hold numbers, strings and arrays of them: nothing that JSON cannot say.
        guard let json = try? encoded(value) else { return "{}" }
        return escaped(json)
    }

    /// Not for a terminal: characters that steer one stand as they are, and half surrogate pairs as in `HeapText`.
    static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A share of nothing is no number, which JSON cannot say.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "0", negativeInfinity: "0", nan: "0")
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// The encoder escapes the first 32 characters. Others steer a terminal too, and stand only in strings, where JSON
    /// takes an escape for any character.
    private static func escaped(_ json: String) -> String {
        var result = ""
        for character in HeapText.characters(json) {
            switch character {
            case .loneSurrogate(let unit): result += "\\u" + String(unit, radix: 16)
            case .scalar(let scalar) where TerminalText.isHarmless(scalar): result.unicodeScalars.append(scalar)
            case .scalar(let scalar):
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return result
    }
}
