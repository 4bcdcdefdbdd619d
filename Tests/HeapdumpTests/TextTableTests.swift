import Testing

@testable import heapdump

@Suite struct TextTableTests {
    private func table(_ rows: [TextTable.Row]) -> TextTable {
        TextTable(
            columns: [
                TextTable.Column("PID", .right), TextTable.Column("USER", .left), TextTable.Column("COMMAND", .left),
            ],
            rows: rows)
    }

    @Test func columnsAreAlignedAndTheLastIsNotPadded() {
        let table = table([
            TextTable.Row(cells: ["1", "root", "node a.js"]), TextTable.Row(cells: ["12345", "www-data", "x"]),
        ])
        #expect(
            table.lines(width: nil) == [
                "  PID USER     COMMAND",
                "    1 root     node a.js",
                "12345 www-data x",
            ])
    }

    @Test func aPipeGetsAllOfIt() {
        let command = String(repeating: "node --option ", count: 100)
        let row = TextTable.Row(cells: ["1", "root", command], shorterLast: "node")
        #expect(table([row]).lines(width: nil)[1] == "  1 root " + command)
    }

    @Test func aTerminalGetsWhatFits() {
        let rows = [
            TextTable.Row(cells: ["1", "root", "/bin/node a.js"], shorterLast: "node a.js"),
            TextTable.Row(cells: ["1", "root", "/usr/local/bin/node a.js"], shorterLast: "node a.js"),
            TextTable.Row(cells: ["1", "root", "/usr/local/bin/node long-name.js"], shorterLast: "node long-name.js"),
        ]
        #expect(
            table(rows).lines(width: 23) == [
                "PID USER COMMAND",
                "  1 root /bin/node a.js",
                "  1 root node a.js",
                "  1 root node long-nam…",
            ])
    }

    @Test(arguments: [0, 1, 2, 5, 20])
    func aNarrowTerminalBreaksNothing(width: Int) {
        let lines = table([TextTable.Row(cells: ["12345", "www-data", "node"])]).lines(width: width)
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { TextWidth.of($0) <= width })
    }

    @Test func wideCharactersTakeTwoColumns() {
        #expect(TextWidth.of("日本") == 4)
        #expect(TextWidth.of("größe") == 5)
        #expect(TextWidth.of("gro\u{308}ße") == 5)
        #expect(TextWidth.cut("日本語", to: 4) == "日…")
        #expect(TextWidth.cut("日本", to: 4) == "日本")
        let rows = [
            TextTable.Row(cells: ["1", "日本", "node"]), TextTable.Row(cells: ["1", "root", "node"]),
        ]
        #expect(Array(table(rows).lines(width: nil).dropFirst()) == ["  1 日本 node", "  1 root node"])
    }
}
