import Testing

@testable import NodeStack

struct ScriptLinesTests {
    @Test(arguments: [
        ("ab\ncd", 0, 1, 1), ("ab\ncd", 2, 1, 3), ("ab\ncd", 3, 2, 1), ("ab\r\ncd", 4, 2, 1), ("ab\rcd", 3, 2, 1),
        ("a\u{2028}b\u{2029}c", 4, 3, 1), ("\n\n\nx", 3, 4, 1),
    ])
    func countsLinesAsV8Does(_ text: String, _ place: Int, _ line: Int, _ column: Int) {
        let position = ScriptLines.position(of: place, in: Array(text.utf16))
        #expect(position == .init(line: line, column: column))
    }
}
