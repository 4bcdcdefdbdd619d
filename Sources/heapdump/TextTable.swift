/// Columns aligned below a header line.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    struct Column {
        let title: String
        let alignment: Alignment

        init(_ title: String, _ alignment: Alignment) {
            self.title = title
            self.alignment = alignment
        }
    }

    struct Row {
        var cells: [String]
        /// To take for the last cell where that does not fit.
        var shorterLast: String?
    }

    let columns: [Column]
    let rows: [Row]

    /// - Parameter width: in columns of a terminal; nil where nothing is to be cut.
    func lines(width: Int?) -> [String] {
        let header = Row(cells: columns.map(\.title))
        // The last column's cells may be as long as they like.
        let widths = columns.indices.dropLast().map { column in
            ([header] + rows).map { TextWidth.of($0.cells[column]) }.max() ?? 0
        }
        return ([header] + rows).map { row in
            let start = zip(zip(row.cells, columns), widths).map { cell, width in
                let space = String(repeating: " ", count: max(0, width - TextWidth.of(cell.0)))
                return (cell.1.alignment == .right ? space + cell.0 : cell.0 + space) + " "
            }.joined()
            return Self.line(start, row, width: width)
        }
    }

    private static func line(_ start: String, _ row: Row, width: Int?) -> String {
        let line = start + (row.cells.last ?? "")
        guard let width, TextWidth.of(line) > width else { return line }
        return TextWidth.cut(start + (row.shorterLast ?? row.cells.last ?? ""), to: width)
    }
}
