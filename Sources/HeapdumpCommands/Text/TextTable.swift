/// Columns aligned below a header line. Where they do not all fit, the last one, which says what a row is about, keeps its room, and
/// figures make way.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    struct Column {
        let title: String
        let alignment: Alignment
        /// Columns with the lowest number are left out first, together; one without a number never is.
        let rank: Int?

        init(_ title: String, _ alignment: Alignment, rank: Int? = nil) {
            self.title = title
            self.alignment = alignment
            self.rank = rank
        }
    }

    struct Row {
        var cells: [String]
        /// To take for the last cell where that does not fit.
        var shorterLast: String?
    }

    let columns: [Column]
    let rows: [Row]

    /// What the last column needs at least, unless its cells are shorter.
    private static let leastRoom = 18

    /// - Parameter width: in columns of a terminal; nil where nothing is to be cut.
    func lines(width: Int?) -> [String] {
        let all = [Row(cells: columns.map(\.title))] + rows
        // The last column's cells may be as long as they like.
        let widths = columns.indices.dropLast().map { column in
            all.map { TextWidth.of($0.cells[column]) }.max() ?? 0
        }
        let shown = shown(widths, all, width: width)
        return all.map { row in
            let start = shown.map { column in
                let cell = row.cells[column]
                let space = String(repeating: " ", count: max(0, widths[column] - TextWidth.of(cell)))
                return (columns[column].alignment == .right ? space + cell : cell + space) + " "
            }.joined()
            return Self.line(start, row, width: width)
        }
    }

    /// The places of the columns before the last one that there is room for.
    private func shown(_ widths: [Int], _ all: [Row], width: Int?) -> [Int] {
        var shown = Array(widths.indices)
        guard let width else { return shown }
        let longest = all.map { TextWidth.of($0.shorterLast ?? $0.cells.last ?? "") }.max() ?? 0
        let needed = min(longest, Self.leastRoom)
        while shown.reduce(needed, { $0 + widths[$1] + 1 }) > width,
            let least = shown.compactMap({ columns[$0].rank }).min()
        {
            shown.removeAll { columns[$0].rank == least }
        }
        return shown
    }

    private static func line(_ start: String, _ row: Row, width: Int?) -> String {
        let line = start + (row.cells.last ?? "")
        guard let width, TextWidth.of(line) > width else { return line }
        return TextWidth.cut(start + (row.shorterLast ?? row.cells.last ?? ""), to: width)
    }
}
