/// Text in lines of a width, broken between words; what is longer than a line is broken where it must be.
enum TextWrap {
    static func lines(_ text: String, width: Int) -> [String] {
        let width = max(1, width)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            var word = String(word)
            if !line.isEmpty, TextWidth.of(line) + 1 + TextWidth.of(word) <= width {
                line += " " + word
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while TextWidth.of(word) > width {
                let head = prefix(of: word, width: width)
                lines.append(head)
                word.removeFirst(head.count)
            }
            line = word
        }
        return line.isEmpty ? lines : lines + [line]
    }

    private static func prefix(of word: String, width: Int) -> String {
        var result = ""
        var used = 0
        for character in word {
            used += TextWidth.of(String(character))
            if used > width, !result.isEmpty { break }
            result.append(character)
        }
        return result
    }
}
