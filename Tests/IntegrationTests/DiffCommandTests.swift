import Foundation
import Testing

/// `heapdump diff` of two snapshots of a server that leaks.
struct DiffCommandTests {
    /// Forked copies number objects each for itself: differences are right, whatever objects are taken for the same.
    @Test func namesTheClassThatGrew() throws {
        try Snapshots.growth { directory in
            let run = try Heapdump.run(["diff", "older", "newer", "--json"], in: directory)
            run.expect(exit: 0)
            let session = try #require(try run.rows("classes").first { $0["name"] as? String == "Session" }, "\(run)")
            #expect(session["count_delta"] as? Int == 10_000)
            // Which are new nobody knows.
            #expect(try run.json()["ids_match"] as? Bool == false)
            #expect(["added_count", "removed_count", "added_size", "removed_size"].allSatisfy { session[$0] == nil })
            let (before, after) = (session["base_retained_size"] as? Int ?? 0, session["retained_size"] as? Int ?? 0)
            #expect(session["retained_delta"] as? Int == after - before && before > 100_000 && after > 250_000)
            let growth = try #require(try run.rows("growth").first, "\(run)")
            #expect(growth["class"] as? String == "Session" && growth["counts"] as? [Int] == [5000, 15_000])
            #expect(growth["count_delta"] as? Int == 10_000)
            let sizes = try #require(growth["retained_sizes"] as? [Int])
            #expect(growth["retained_delta"] as? Int == sizes[1] - sizes[0])
            #expect(expression(growth["path"]).contains(/^global.*\.store$/), "\(growth)")
            let deltas = try run.rows("classes").compactMap { $0["retained_delta"] as? Int }
            // What grew, what shrank, what stayed; each from the largest change on.
            #expect(
                deltas == deltas.filter { $0 > 0 }.sorted(by: >) + deltas.filter { $0 < 0 }.sorted()
                    + deltas.filter { $0 == 0 })
            let totals = try ["older", "newer"].map {
                try Heapdump.run(["summary", "--json", $0], in: directory).json()["total_size"] as? Int
            }
            #expect(try run.json()["base_total_size"] as? Int == totals[0])
            #expect(try run.json()["total_size"] as? Int == totals[1])

            let text = try Heapdump.run(["diff", "older", "newer"], in: directory)
            text.expect(exit: 0)
            #expect(text.stdout.contains(/\+10,000 Session/), "\(text)")
            #expect(text.stdout.contains("What grew, and what holds it"), "\(text)")
            #expect(text.stdout.contains("Session, 5,000 → 15,000") && !text.stdout.contains("DELETED"), "\(text)")
        }
    }

    @Test func turnsRound() throws {
        try Snapshots.growth { directory in
            let run = try Heapdump.run(["diff", "newer", "older", "--json", "--all"], in: directory)
            let session = try #require(try run.rows("classes").first { $0["name"] as? String == "Session" })
            #expect(session["count_delta"] as? Int == -10_000)
            #expect(session["retained_delta"] as? Int ?? 0 < -100_000)
            #expect(try run.rows("classes").count == (try run.json()["class_count"] as? Int))
        }
    }

    @Test func findsNoDifferenceToItself() throws {
        try Snapshots.growth { directory in
            let run = try Heapdump.run(["diff", "newer", "./newer"], in: directory)
            run.expect(exit: 0)
            #expect(run.stdout.contains("No class grew or shrank."), "\(run)")
            let json = try Heapdump.run(["diff", "newer", "newer", "--json", "--all"], in: directory)
            #expect(try json.rows("classes").isEmpty && json.rows("retained_only").isEmpty, "\(json)")
        }
    }

    /// V8 keeps the ids from one dump to the next where it takes both itself.
    @Test(arguments: Node.supported)
    func findsObjectsAgain(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let script = """
                class Kept {} class Gone {} class Added {}
                const make = (Class, length) => Array.from({ length }, () => new Class());
                global.kept = make(Kept, 700);
                global.other = make(Gone, 500);
                for (let i = 0; i < 3; i++) gc();
                const dump = require('v8').writeHeapSnapshot;
                dump('older');
                global.other = make(Added, 600);
                dump('newer');
                """
            try Command([try node.path(), "--expose-gc", "-e", script], in: directory.path).run().expect(exit: 0)
            let run = try Heapdump.run(["diff", "older", "newer", "--json", "--all"], in: directory)
            run.expect(exit: 0)
            let rows = try run.rows("classes").reduce(into: [String: [Int?]]()) { rows, row in
                rows[row["name"] as? String ?? ""] = [row["added_count"] as? Int, row["removed_count"] as? Int]
            }
            #expect(rows["Gone"] == [0, 500] && rows["Added"] == [600, 0] && rows["Kept"] == nil, "\(rows)")
            #expect(try run.json()["warnings"] as? [String] == [])
            #expect(try run.json()["ids_match"] as? Bool == true)
            #expect(try Heapdump.run(["diff", "older", "newer"], in: directory).stdout.contains("DELETED"))
        }
    }

    @Test func comparesMoreThanTwo() throws {
        try Snapshots.growth { directory in
            let run = try Heapdump.run(["diff", "older", "newer", "newer", "--json"], in: directory)
            run.expect(exit: 0)
            #expect(try run.json()["files"] as? [String] == ["older", "newer", "newer"])
            #expect(try run.rows("growth").isEmpty, "it did not grow the second time: \(run)")
            try Heapdump.run(["diff", "older"], in: directory).expect(exit: 64)
        }
    }

    @Test func readsOneFromStandardInput() throws {
        try Snapshots.growth { directory in
            for row in [["-", "newer"], ["older", "-"]] {
                let file = row[0] == "-" ? "older" : "newer"
                let script = "cat \(file) | \"$0\" diff --json \(row.joined(separator: " "))"
                let run = try Command(["sh", "-c", script, Heapdump.binary], in: directory.path).run()
                run.expect(exit: 0)
                let session = try #require(try run.rows("classes").first { $0["name"] as? String == "Session" })
                #expect(session["count_delta"] as? Int == 10_000)
            }
            try Heapdump.run(["diff", "-", "-"], in: directory).expect(exit: 64)
        }
    }
}
