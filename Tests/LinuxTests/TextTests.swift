import Linux
import Testing

/// The kernel's text.
struct TextTests {
    @Test(arguments: [1, 2, 7, 64, 1000])
    func cutsChunksOfAnySizeIntoLines(_ size: Int) {
        let text = Array("first\n\nthird is longer\nlast without newline".utf8)
        var lines: [String] = []
        var splitter = LineSplitter()
        func take(_ line: UnsafeRawBufferPointer) -> Bool {
            lines.append(String(decoding: line, as: UTF8.self))
            return true
        }
        for start in stride(from: 0, to: text.count, by: size) {
            let isWanted = text[start..<min(start + size, text.count)].withUnsafeBytes { splitter.feed($0, take) }
            #expect(isWanted)
        }
        splitter.finish(take)
        #expect(lines == ["first", "", "third is longer", "last without newline"])
    }
}
