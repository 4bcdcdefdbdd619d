import V8Metadata

/// Lines and columns of positions in scripts.
struct ScriptLines {
    private let objects: HeapObjects

    /// From 1; columns in UTF-16 units.
    struct Position: Equatable {
        let line: Int
        let column: Int
    }

    /// What is read of a script to count its lines, in UTF-16 units. A thread stands while it is read.
    private static let longestScript = 8 << 20

    init(_ objects: HeapObjects) {
        self.objects = objects
    }

    /// - Parameter place: in UTF-16 units from the script's begin.
    func position(of place: Int, in script: UInt64) -> Position? {
        if let ends = objects.field(script, objects.metadata.script.lineEnds),
            let position = position(of: place, lineEnds: ends)
        {
            return position
        }
        guard let source = objects.field(script, objects.metadata.script.source),
            let text = objects.flat(source, most: Self.longestScript), place <= text.count
        else { return nil }
        return Self.position(of: place, in: text)
    }

    /// As V8 counts lines: after a line feed, a carriage return that no line feed follows, and Unicode's two separators.
    static func position(of place: Int, in text: [UInt16]) -> Position {
        var line = 1
        var start = 0
        for index in 0..<place {
            let unit = text[index]
            guard unit == 0x0A || unit == 0x0D || unit == 0x2028 || unit == 0x2029 else { continue }
            if unit == 0x0D, index + 1 < text.count, text[index + 1] == 0x0A { continue }
            line += 1
            start = index + 1
        }
        return .init(line: line, column: place - start + 1)
    }

    /// An array of where each line ends, which V8 makes at the first stack trace.
    private func position(of place: Int, lineEnds: UInt64) -> Position? {
        guard let count = objects.field(lineEnds, 8).flatMap(HeapObjects.number), count > 0, count < 1 << 24 else {
            return nil
        }
        func end(_ index: Int) -> Int? { objects.field(lineEnds, 16 + index * 8).flatMap(HeapObjects.number) }
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high) / 2
            guard let end = end(middle) else { return nil }
            if end < place { low = middle + 1 } else { high = middle }
        }
        guard let last = end(low), last >= place else { return nil }
        let start = low == 0 ? 0 : (end(low - 1) ?? 0) + 1
        return .init(line: low + 1, column: place - start + 1)
    }
}
