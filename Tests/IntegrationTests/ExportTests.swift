import Foundation
import Testing

/// `heapdump export`: every object and reference of a snapshot, with the figures of `summary`.
struct ExportTests {
    /// The columns of a row that a JSON object of the summary has too.
    private func pick(_ row: [String: Any], _ keys: [String]) -> [String] {
        keys.map { key in row[key].flatMap { $0 is NSNull ? nil : "\($0)" } ?? "-" }
    }

    @Test(arguments: Node.supported)
    func hasTheFiguresOfTheSummary(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let database = try Database(of: file, in: directory)
            try database.expectIntegrity()
            let summary = try Heapdump.run(["summary", "--json", "--all", file], in: directory)
            let json = try summary.json()

            let classKeys = [
                "name", "script_id", "script", "line", "column", "count", "shallow_size", "retained_size", "distance",
            ]
            for (key, hidden) in [("classes", 0), ("hidden_classes", 1)] {
                let classes = try summary.rows(key).map { pick($0, classKeys) }
                let rows = try database.rows("SELECT * FROM classes WHERE hidden = \(hidden) ORDER BY rowid")
                #expect(rows.map { pick($0, classKeys) } == classes, "\(key)")
                #expect(!classes.isEmpty || hidden == 1)
            }
            let suspectKeys = ["kind", "class", "count", "retained_size", "sentence"]
            let suspects = try database.rows("SELECT * FROM suspects ORDER BY rank")
            #expect(
                suspects.map { pick($0, suspectKeys) } == (try summary.rows("suspects").map { pick($0, suspectKeys) }))
            let holders = try summary.rows("suspects").map { ($0["holder"] as? [String: Any])?["id"] as? Int }
            #expect(suspects.map { $0["holder_id"] as? Int } == holders && !holders.isEmpty)

            let snapshot = try database.rows("SELECT * FROM snapshot").reduce(into: [String: Any]()) { values, row in
                values[row["key"] as? String ?? ""] = row["value"]
            }
            for key in ["file", "bytes", "nodes", "edges", "strings", "total_size"] {
                #expect("\(snapshot[key] ?? "-")" == "\(json[key] ?? "")", "\(key)")
            }
            for (key, value) in try #require(json["statistics"] as? [String: Int]) {
                #expect(snapshot[key] as? Int == value, "\(key)")
            }
            #expect(snapshot["tables_version"] as? Int == (try database.value("PRAGMA user_version")))
        }
    }

    /// What the objects say of themselves adds up to what their classes do.
    @Test(arguments: Node.supported)
    func addsUp(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let database = try Database(of: file, in: directory)
            let counts = try database.rows(
                """
                SELECT sum(c.count) AS wrong, max(abs(c.shallow_size - n.size)) AS off FROM
                  (SELECT name, sum(count) AS count, sum(shallow_size) AS shallow_size FROM classes GROUP BY name) AS c
                  JOIN (SELECT class, count(*) AS count, sum(shallow_size) AS size FROM nodes WHERE shallow_size > 0
                    GROUP BY class) AS n ON n.class = c.name WHERE c.count <> n.count OR c.shallow_size <> n.size
                """)
            #expect(counts.first?.values.allSatisfy { $0 is NSNull } == true, "\(counts)")
            let named: Int = try database.value(
                "SELECT count(DISTINCT class) FROM nodes WHERE shallow_size > 0")
            let classes: Int = try database.value("SELECT count(DISTINCT name) FROM classes")
            #expect(named == classes && classes > 100)
            // What is freed with an object: itself, and all that it alone holds.
            let wrong: Int = try database.value(
                """
                SELECT count(*) FROM nodes AS n WHERE retained_size <>
                  shallow_size + (SELECT coalesce(sum(retained_size), 0) FROM nodes WHERE dominator_id = n.id)
                """)
            #expect(wrong == 0)
            let roots = try database.rows("SELECT id, distance, retained_size FROM nodes WHERE dominator_id IS NULL")
            #expect(roots.count == 1)
            let total: Int = try database.value("SELECT sum(shallow_size) FROM nodes")
            #expect(roots.first?["retained_size"] as? Int == total)
        }
    }

    /// Against the file itself, read by a program that shares no code with heapdump.
    @Test(arguments: Node.supported)
    func hasEveryObjectAndReference(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let database = try Database(of: file, in: directory)
            let script = """
                import json, sqlite3, sys
                heap = json.load(open(sys.argv[1]))
                meta, strings = heap["snapshot"]["meta"], heap["strings"]
                fields, types = meta["node_fields"], meta["node_types"][0]
                width, nodes, edges = len(fields), heap["nodes"], heap["edges"]
                def column(name): return nodes[fields.index(name)::width]
                ids, kinds = column("id"), [types[kind] for kind in column("type")]
                names, sizes, counts = [strings[name] for name in column("name")], column("self_size"), column("edge_count")
                database = sqlite3.connect(sys.argv[2])
                rows = {row[0]: row[1:] for row in database.execute("SELECT id, type, name FROM nodes")}
                assert len(rows) == len(ids)
                for id, kind, name in zip(ids, kinds, names):
                    assert rows[id][0] == kind, (id, rows[id], kind)
                    if kind != "concatenated string" and (kind, name) != ("object", "Object"):
                        assert rows[id][1] == name, (id, rows[id], name)
                types = meta["edge_types"][0]
                expected, place = [], 0
                for id, count in zip(ids, counts):
                    for _ in range(count):
                        kind, name, target = edges[place:place + 3]
                        place += 3
                        kind = types[kind]
                        expected.append((id, ids[target // width], kind, name if kind in ("element", "hidden") else strings[name]))
                found = list(database.execute("SELECT * FROM edges"))
                assert len(found) == len(expected) > 100000
                key = lambda row: (row[0], row[1], row[2], str(row[3]))
                assert sorted(found, key=key) == sorted(expected, key=key)
                """
            try Command(["python3", "-c", script, file, database.path], in: directory.path).run(within: .seconds(300))
                .expect(exit: 0)
        }
    }

    @Test func indexesWhatIsFollowed() throws {
        try Snapshots.leak(.v24) { file, directory in
            let database = try Database(of: file, in: directory)
            for (query, index) in [
                ("SELECT * FROM edges WHERE from_id = 1", "edges_from"),
                ("SELECT * FROM edges WHERE to_id = 1", "edges_to"),
                ("SELECT * FROM nodes WHERE class = 'Map'", "nodes_class"),
                ("SELECT * FROM nodes WHERE dominator_id = 1", "nodes_dominator"),
                ("SELECT * FROM nodes WHERE id = 1", "INTEGER PRIMARY KEY"),
            ] {
                let plan = try database.rows("EXPLAIN QUERY PLAN \(query)").compactMap { $0["detail"] as? String }
                #expect(plan.count == 1 && plan[0].contains(index), "\(plan)")
            }
        }
    }

    @Test func readsWhatOtherCommandsRead() throws {
        try Snapshots.leak(.v24) { file, directory in
            let script = "gzip -c \(file) | \"$0\" export - --sqlite piped.db --json"
            let run = try Command(["sh", "-c", script, Heapdump.binary], in: directory.path).run()
            run.expect(exit: 0)
            #expect(try run.json()["database"] as? String == directory("piped.db"))
            #expect(try run.json()["file"] as? String == "-")
            let attributes = try FileManager.default.attributesOfItem(atPath: directory("piped.db"))
            #expect(try run.json()["bytes"] as? Int == attributes[.size] as? Int)
            #expect(directory.contents == [file, "piped.db"])
        }
    }
}
