import FoundationEssentials
import HeapAnalysis
import NodeProcess

/// One JSON object on one line, so that the results of several processes or files are easy to take apart.
enum JSONLine {
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The types that are printed hold numbers, strings and arrays of them: nothing that JSON cannot say.
        guard let data = try? encoder.encode(value) else { return "{}" }
        return escaped(String(decoding: data, as: UTF8.self))
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
