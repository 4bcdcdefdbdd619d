import Foundation
import Testing

/// `heapdump export` of heaps whose names and numbers no program has.
struct HostileExportTests {
    /// Every text is Unicode, which the reader checks, and what is none is U+FFFD.
    @Test func writesHostileNames() throws {
        try Snapshots.hostile { file, directory in
            let database = try Database(of: file, in: directory)
            try database.expectIntegrity()
            let classes = try database.rows("SELECT name FROM classes").compactMap { $0["name"] as? String }
            #expect(classes.contains(Snapshots.hostileText) && classes.contains("half\u{FFFD}"))
            #expect(classes.contains(String(repeating: "C", count: 1000)))
            #expect(classes.allSatisfy { $0.utf16.count <= 1025 })
            let texts = try database.rows("SELECT DISTINCT class FROM nodes").compactMap { $0["class"] as? String }
            #expect(Set(classes).isSubset(of: texts))
            let long: Int = try database.value("SELECT max(length(name)) FROM nodes")
            #expect(long <= 1025)
        }
    }

    /// Numbers up to the ends of what a snapshot can say, and half a surrogate pair.
    @Test func keepsLargeNumbersAndHalfCharacters() throws {
        try TemporaryDirectory.with { directory in
            let document = """
                {"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["synthetic",\
                "object","string"],"string","number","number","number"],"edge_fields":["type","name_or_index","to_node"],\
                "edge_types":[["property","element","internal","strange"],"string_or_number","node"]},"node_count":4,\
                "edge_count":5},"nodes":[0,0,1,0,2,1,1,4294967297,1099511627776,2,1,1,9223372036854775807,8,1,\
                2,4,18446744073709551615,8,0],"edges":[0,2,5,1,4294967295,10,2,3,10,1,0,15,3,2,15],\
                "strings":["","Big","p\\ud83d","12","a\\u0000b'\\";--"]}
                """
            try Data(document.utf8).write(to: URL(fileURLWithPath: directory("large")))
            let database = try Database(of: "large", in: directory)
            try database.expectIntegrity()
            let nodes = try database.rows("SELECT id, shallow_size AS size, dominator_id FROM nodes ORDER BY size, id")
            #expect(nodes.map { $0["id"] as? Int } == [1, -1, .max, 4_294_967_297])
            #expect(nodes.map { $0["size"] as? Int } == [0, 8, 8, 1 << 40])
            let edges = try database.rows("SELECT *, typeof(name) AS kind FROM edges ORDER BY rowid")
            func column(_ name: String) -> [String] { edges.map { "\($0[name] ?? "")" } }
            #expect(
                column("from_id") == ["1", "1", "4294967297", "4294967297", "9223372036854775807"]
                    && column("to_id")
                        == ["4294967297", "9223372036854775807", "9223372036854775807", "-1", "-1"]
            )
            #expect(column("type") == ["property", "element", "internal", "element", "other"])
            #expect(column("name") == ["p\u{FFFD}", "4294967295", "12", "0", "p\u{FFFD}"])
            #expect(column("kind") == ["text", "integer", "text", "integer", "text"])
            let name: String = try database.value("SELECT name FROM nodes WHERE id = -1")
            #expect(name == "a\0b'\";--")
        }
    }

    @Test func exportsTheLeastHeap() throws {
        try TemporaryDirectory.with { directory in
            try HostileSnapshot().write(to: directory("least"))
            let database = try Database(of: "least", in: directory)
            let rows = try database.rows("SELECT name, class, dominator_id FROM nodes ORDER BY id")
            #expect(rows.map { $0["name"] as? String } == ["", "Global"] && rows[1]["dominator_id"] as? Int == 1)
        }
    }
}
