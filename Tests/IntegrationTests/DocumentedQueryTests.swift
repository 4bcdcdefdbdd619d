import Foundation
import Testing

/// The queries of docs/sql.md, on the heap of a server that leaks sessions.
struct DocumentedQueryTests {
    private static let expected: [@Sendable ([String: Any]) -> Bool] = [
        { $0["name"] as? String == "Session" && $0["count"] as? Int == 15_000 },
        { $0["class"] as? String == "Map" && $0["retained_size"] as? Int ?? 0 > 500_000 },
        { $0["class"] as? String != "Session" && $0["count"] as? Int == 15_000 },
        { $0["class"] as? String == "Map" },
        { $0["class"] as? String == "Session" && $0["count"] as? Int == 15_000 },
        { $0["name"] as? String == "{session, of}" && $0["count"] as? Int == 15_000 },
        { ($0["text"] as? String)?.contains("key1") == true },
        { $0["count"] as? Int ?? 0 > 1 && $0["wasted"] as? Int ?? 0 > 0 },
        { $0["name"] as? String == "Session" && $0["growth"] as? Int == 10_000 },
    ]

    @Test func answer() throws {
        let queries = try DocumentedCode.blocks(of: "sql.md", "sql")
        #expect(queries.count == Self.expected.count)
        try Snapshots.growth { directory in
            for name in ["older", "newer"] {
                try Heapdump.run(["export", name, "--sqlite", "\(name).db"], in: directory).expect(exit: 0)
            }
            let database = Database(path: directory("newer.db"))
            for (query, isExpected) in zip(queries, Self.expected) {
                let rows = try database.rows(query)
                #expect(rows.contains(where: isExpected), "\(query)\(rows.prefix(12))")
                #expect(rows.count <= 50, "\(query)")
            }
        }
    }

    /// The tables on the page are those of the database.
    @Test func documentsEveryColumn() throws {
        let page = try String(contentsOfFile: "\(Package.root)/docs/sql.md", encoding: .utf8)
        try TemporaryDirectory.with { directory in
            try HostileSnapshot().write(to: directory("least"))
            let database = try Database(of: "least", in: directory)
            var table = ""
            var documented: Set<String> = []
            for line in page.split(separator: "\n") where line.hasPrefix("| ") {
                let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                guard cells.count == 5 else { continue }
                if !cells[1].isEmpty { table = cells[1].replacing("`", with: "") }
                for column in cells[2].split(separator: ",") {
                    documented.insert("\(table).\(column.trimmingCharacters(in: CharacterSet(charactersIn: " `")))")
                }
            }
            let columns = try database.rows(
                "SELECT m.name || '.' || c.name AS name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
            )
            let actual = Set(columns.compactMap { $0["name"] as? String })
            #expect(
                actual.count > 25 && documented.subtracting(["table.column"]) == actual)
        }
    }
}
