/// What somebody may have meant who mistyped a name.
enum NearName {
    /// Longer names are compared by nobody's eye, and would take long.
    private static let longest = 64

    /// - Returns: the name that differs least; nil if none differs by two letters at most, and by less than half of its own.
    static func find(_ name: String, among names: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased())
        guard wanted.count <= longest else { return nil }
        let mostEdits = min(2, (wanted.count - 1) / 2)
        var best: (edits: Int, name: String)?
        for other in names where other != name && abs(other.utf8.count - name.utf8.count) <= 8 {
            let edits = edits(wanted, Array(other.lowercased()), most: mostEdits)
            guard edits <= mostEdits else { continue }
            // Of several, always the same.
            if let best, (best.edits, best.name) <= (edits, other) { continue }
            best = (edits, other)
        }
        return best?.name
    }

    /// How many letters are to be put in, taken out or exchanged, or to change places with their neighbours.
    private static func edits(_ a: [Character], _ b: [Character], most: Int) -> Int {
        guard abs(a.count - b.count) <= most, b.count <= longest + most else { return .max }
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
