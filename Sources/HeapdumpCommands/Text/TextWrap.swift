/// Text in lines of a width, broken between words; what is longer than a line is broken where it must be.
enum TextWrap {
    enum Breaks {
        /// Wherever a line is full.
        case anywhere
        /// Before a step of an expression, such as `.name`, `[0]`, `{table}` or `->variable`, where there is one.
        case beforeSteps
    }

    /// - Parameter breaks: where a word is broken that is longer than a line.
    static func lines(_ text: String, width: Int, breaking breaks: Breaks = .anywhere) -> [String] {
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
                var head = prefix(of: word, width: width)
                if breaks == .beforeSteps, let step = lastStep(of: word, within: head.count) {
                    head = String(word.prefix(step))
                }
                lines.append(head)
                word.removeFirst(head.count)
            }
            line = word
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// Where the last step begins of those that begin in the first so many characters, but for the first of all.
    private static func lastStep(of word: String, within count: Int) -> Int? {
        var depth = 0
        var last: Int?
        let characters = Array(word.prefix(count + 2))
        for (place, character) in characters.prefix(count + 1).enumerated() {
            switch character {
            case "[", "{":
                if depth == 0, place > 0 { last = place }
                depth += 1
            case "]", "}": depth = max(0, depth - 1)
            case ".": if depth == 0, place > 0 { last = place }
            case "-": if depth == 0, place > 0, characters.dropFirst(place + 1).first == ">" { last = place }
            default: break
            }
        }
        return last
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
