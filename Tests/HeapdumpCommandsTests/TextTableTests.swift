import Testing

@testable import HeapdumpCommands

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

    private static let ranked = TextTable(
        columns: [
            .init("SIZE", .right), .init("NEW", .right, rank: 0), .init("OLD", .right, rank: 0),
            .init("COUNT", .right, rank: 1), .init("CLASS", .left),
        ],
        rows: [
            .init(cells: ["1 MB", "1", "2", "30000", "Session  server.js:1:2"], shorterLast: "Session"),
            .init(cells: ["2 MB", "1", "2", "3", "AnotherClassWithAName"]),
        ])

    /// The name is what a row is about.
    @Test func figuresMakeWayForNames() {
        #expect(
            Self.ranked.lines(width: 45) == [
                "SIZE NEW OLD COUNT CLASS",
                "1 MB   1   2 30000 Session  server.js:1:2",
                "2 MB   1   2     3 AnotherClassWithAName",
            ])
        // Columns that belong together go together.
        #expect(
            Self.ranked.lines(width: 36) == [
                "SIZE COUNT CLASS",
                "1 MB 30000 Session  server.js:1:2",
                "2 MB     3 AnotherClassWithAName",
            ])
        #expect(
            Self.ranked.lines(width: 25) == [
                "SIZE CLASS",
                "1 MB Session",
                "2 MB AnotherClassWithANa…",
            ])
        #expect(Self.ranked.lines(width: nil).first == "SIZE NEW OLD COUNT CLASS")
    }

    /// Nothing is left out for the sake of room that the names do not need.
    @Test func figuresStayBesideShortNames() {
        let table = TextTable(columns: Self.ranked.columns, rows: [.init(cells: ["1 MB", "1", "2", "3", "Map"])])
        #expect(table.lines(width: 25)[0] == "SIZE NEW OLD COUNT CLASS")
        #expect(table.lines(width: 23)[0] == "SIZE COUNT CLASS")
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
