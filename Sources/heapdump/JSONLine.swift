import FoundationEssentials

/// One JSON object on one line, so that the results of several processes or files are easy to take apart.
enum JSONLine {
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The types that are printed hold numbers, strings and arrays of them: nothing that JSON cannot say.
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}
