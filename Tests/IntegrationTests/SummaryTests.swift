import Foundation
import Testing

/// `heapdump summary` of what real programs leak.
struct SummaryTests {
    /// Node 26's global object is reached in another way, and its path begins there.
    @Test(arguments: Node.each.filter { $0 != .v26 })
    func namesTheLeak(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let run = try Heapdump.run(["summary", "--json", file], in: directory)
            run.expect(exit: 0)
            #expect(run.stderr.isEmpty, "\(run)")
            let suspect = try #require(try run.rows("suspects").first)
            #expect(suspect["class"] as? String == "LeakedSession", "\(suspect)")
            #expect(suspect["kind"] as? String == "collection")
            #expect(suspect["count"] as? Int == Snapshots.leakedCount)
            #expect(expression(suspect["path"]).hasPrefix("global"), "\(suspect)")
            #expect(expression(suspect["path"]).hasSuffix(".sessions"), "\(suspect)")
            #expect((suspect["holder"] as? [String: Any])?["class"] as? String == "Array")
            let size = try #require(suspect["retained_size"] as? Int)
            let total = try #require(try run.json()["total_size"] as? Int)
            let share = try #require(suspect["share"] as? Double)
            #expect(abs(share - Double(size) / Double(total)) < 1e-6 && share > 0.2 && share < 1)
            #expect(size > Snapshots.leakedCount * 40)

            let text = try Heapdump.run(["summary", file], in: directory)
            text.expect(exit: 0)
            let words = text.stdout.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains("1. 60,000 LeakedSession objects, "), "\(text)")
            #expect(words.contains(" of the heap, all held by the Array at global"), "\(text)")
            #expect(words.contains("60,000 4 LeakedToken"), "\(text)")
        }
    }

    @Test(arguments: Node.each)
    func addsUp(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let json = try Heapdump.run(["summary", "--json", file], in: directory).json()
            let snapshot = try SnapshotText(directory(file))
            #expect(json["file"] as? String == file && json["bytes"] as? Int == snapshot.bytes)
            #expect(try json["nodes"] as? Int == snapshot.nodeCount && json["edges"] as? Int == snapshot.edgeCount)
            let statistics = try #require(json["statistics"] as? [String: Int])
            func sum(_ names: String...) -> Int { names.reduce(0) { $0 + (statistics[$1 + "_size"] ?? -1 << 40) } }
            #expect(sum("total") == json["total_size"] as? Int)
            #expect(sum("total") == sum("v8_heap", "native"))
            #expect(sum("native") == sum("typed_arrays", "other_native"))
            #expect(sum("v8_heap") == sum("code", "strings", "js_arrays", "system", "other_js_objects"))
            #expect(statistics.values.allSatisfy { $0 > 0 }, "\(statistics)")
        }
    }

    @Test(arguments: Node.each.filter { $0 != .v26 })
    func listsAllClasses(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let run = try Heapdump.run(["summary", "--json", "--all", file], in: directory)
            let classes = try run.rows("classes")
            let json = try run.json()
            #expect(classes.count == json["class_count"] as? Int && classes.count > 100)
            let sizes = classes.compactMap { $0["retained_size"] as? Int }
            #expect(sizes == sizes.sorted(by: >) && sizes.count == classes.count)
            #expect(classes.allSatisfy { $0["distance"] is Int && $0["name"] is String })
            // Each object that takes memory is in one class, and takes it there.
            let all = classes + (try run.rows("hidden_classes"))
            let shallow = all.compactMap { $0["shallow_size"] as? Int }.reduce(0, +)
            #expect(shallow == json["total_size"] as? Int)
            let tokens = try #require(classes.first { $0["name"] as? String == "LeakedToken" })
            #expect(tokens["count"] as? Int == Snapshots.leakedCount)
            #expect((tokens["script"] as? String)?.hasSuffix("leaks-named-class.js") == true, "\(tokens)")
            #expect(tokens["line"] as? Int == 5, "\(tokens)")

            let short = try Heapdump.run(["summary", "--json", file], in: directory)
            #expect(try short.rows("classes").count == 50)
            #expect(try short.json()["class_count"] as? Int == classes.count)
            let names = try short.rows("classes").compactMap { $0["name"] as? String }
            #expect(names == classes.prefix(50).compactMap { $0["name"] as? String })
        }
    }

    @Test func findsALinkedList() throws {
        try Snapshots.hostile { file, directory in
            let run = try Heapdump.run(["summary", "--json", file], in: directory)
            let suspects = try #require(try run.jsonWithHalves()["suspects"] as? [[String: Any]])
            let chain = try #require(suspects.first { $0["kind"] as? String == "chain" }, "\(suspects)")
            #expect(chain["count"] as? Int == 20_000)
            #expect(expression(chain["path"]).hasSuffix(".list"), "\(chain)")
        }
    }

    @Test func listsDuplicatedStrings() throws {
        try TemporaryDirectory.with { directory in
            let script = """
                global.copies = Array.from({ length: 321 }, () => JSON.parse(JSON.stringify('copied'.repeat(100))));
                require('v8').writeHeapSnapshot('own');
                """
            try Command([try Node.v22.path(), "-e", script], in: directory.path).run().expect(exit: 0)
            let run = try Heapdump.run(["summary", "--json", "own"], in: directory)
            let row = try #require(
                try run.rows("duplicate_strings").first {
                    $0["value"] as? String == String(repeating: "copied", count: 100)
                })
            #expect(row["count"] as? Int == 321)
            let size = try #require(row["size"] as? Int)
            #expect(row["wasted_size"] as? Int == size - size / 321 && size > 321 * 600)
            #expect(row["is_cut"] as? Bool == false)
        }
    }

    /// A leak may be in a heap that the snapshot does not have.
    @Test(arguments: Node.supported)
    func saysThatWorkersHaveHeapsOfTheirOwn(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let script = """
                const { Worker } = require('worker_threads');
                const start = () => new Worker('setInterval(() => {}, 1000)', { eval: true });
                const workers = [start(), start()];
                let online = 0;
                for (const worker of workers) worker.on('online', () => {
                  if (++online === workers.length) { require('v8').writeHeapSnapshot('a.heapsnapshot'); process.exit(); }
                });
                """
            try Data(script.utf8).write(to: URL(fileURLWithPath: directory("workers.js")))
            try Command([try node.path(), "workers.js"], in: directory.path).run().expect(exit: 0)
            let text = try Heapdump.run(["summary", "a.heapsnapshot"], in: directory)
            text.expect(exit: 0)
            let words = text.stdout.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains("2 worker threads, whose heaps are not in this snapshot"), "\(text)")
            #expect(words.contains("`heapdump <pid> --thread all` dumps them"), "\(text)")
            let json = try Heapdump.run(["summary", "a.heapsnapshot", "--json"], in: directory).json()
            #expect(json["worker_threads"] as? Int == 2 && (json["suspects"] as? [Any])?.isEmpty == true)
        }
    }

    /// Wherever a function is told of, its place is, too.
    @Test(arguments: Node.supported)
    func saysWhereFunctionsStand(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let script = """
                class Kept { constructor(id) { this.id = id; } }
                function remember(id) {
                  const kept = new Kept(id);
                  return function recall() { return kept.id; };
                }
                globalThis.recalls = [1, 2, 3].map(remember);
                require('v8').writeHeapSnapshot('a.heapsnapshot');
                """
            try Data(script.utf8).write(to: URL(fileURLWithPath: directory("shop.js")))
            try Command([try node.path(), "shop.js"], in: directory.path).run().expect(exit: 0)
            let retainers = try Heapdump.run(["retainers", "a.heapsnapshot", "Kept", "--json"], in: directory)
            let group = try #require(try retainers.rows("groups").first, "\(retainers)")
            let path = try #require(group["path"] as? [[String: Any]], "\(group)")
            let objects = path.compactMap { $0["object"] as? [String: Any] }
            let function = try #require(objects.first { $0["name"] as? String == "recall" }, "\(objects)")
            #expect(function["line"] as? Int == 3 && (function["script"] as? String)?.hasSuffix("/shop.js") == true)
            #expect(objects.contains { $0["line"] == nil })
            let id = try #require(function["id"] as? Int)
            let show = try Heapdump.run(["show", "a.heapsnapshot", "@\(id)"], in: directory)
            #expect(show.stdout.hasPrefix("function recall (shop.js:4) @\(id)\n"), "\(show)")
        }
    }

    /// Closures of one place rank with the objects of classes.
    @Test func ranksFunctionsWithClasses() throws {
        try TemporaryDirectory.with { directory in
            let script = """
                globalThis.handlers = [];
                for (let i = 0; i < 20000; i++) {
                  const kept = [i, i + 1];
                  handlers.push(() => kept);
                }
                require('v8').writeHeapSnapshot('a.heapsnapshot');
                """
            try Data(script.utf8).write(to: URL(fileURLWithPath: directory("shop.js")))
            try Command([try Node.v26.path(), "shop.js"], in: directory.path).run().expect(exit: 0)
            let run = try Heapdump.run(["summary", "a.heapsnapshot"], in: directory)
            run.expect(exit: 0)
            let rows = run.stdout.split(separator: "\n").drop { !$0.hasPrefix("Classes by") }.dropFirst(2)
            func place(_ end: String) -> Int? { rows.firstIndex { $0.hasSuffix(end) } }
            let functions = try #require(place(" 20,000        - functions of shop.js:4"), "\(run)")
            #expect(functions < place(" (string)") ?? 0, "\(run)")
        }
    }

    /// A person can begin at a property of the global object as well as at a variable.
    @Test(arguments: Node.supported)
    func saysWhereToBegin(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let script = """
                class Session { constructor(id) { this.id = id; this.text = 'session ' + id; } }
                const kept = new Map();
                const fill = (map) => { for (let i = 0; i < 20000; i++) map.set(i, new Session(i)); };
                fill(globalThis.store = new Map());
                require('v8').writeHeapSnapshot('global');
                globalThis.store = undefined;
                fill(kept);
                setTimeout(() => kept.clear(), 1e6).unref();
                require('v8').writeHeapSnapshot('variable');
                """
            try Data(script.utf8).write(to: URL(fileURLWithPath: directory("server.js")))
            try Command([try node.path(), "server.js"], in: directory.path).run().expect(exit: 0)
            func anchor(_ file: String) throws -> [String: String] {
                let run = try Heapdump.run(["summary", file, "--json"], in: directory)
                let suspect = try #require(
                    try run.rows("suspects").first { $0["class"] as? String == "Session" }, "\(run)")
                return try #require(suspect["anchor"] as? [String: String], "\(suspect)")
            }
            #expect(try anchor("global") == ["name": "global.store"])
            #expect(try anchor("variable") == ["name": "kept", "script": directory("server.js")])
        }
    }

    /// Numbers of V8's roots say nothing: what holds it is the stack.
    @Test func namesTheStack() throws {
        try TemporaryDirectory.with { directory in
            var heap = HostileSnapshot()
            let roots = heap.add(.synthetic, "(GC roots)", 0)
            heap.link(0, roots, 1, .element)
            let stack = heap.add(.synthetic, "(Stack roots)", 0)
            heap.link(roots, stack, 20, .element)
            let held = heap.add(.object, "Request", 50_000)
            heap.link(stack, held, 3, .element)
            try heap.write(to: directory("heap"))
            let run = try Heapdump.run(["summary", "heap"], in: directory)
            run.expect(exit: 0)
            #expect(run.stdout.contains("One Request holds 50.0 kB, 100 % of the heap, at (Stack roots)[3]"), "\(run)")
            #expect(!run.stdout.contains("(root)"), "\(run)")
            let json = try Heapdump.run(["summary", "heap", "--json"], in: directory)
            #expect(try json.rows("suspects").first?["anchor"] == nil, "\(json)")
            // The way there is told in full where it is asked for.
            let path = try Heapdump.run(["retainers", "heap", "Request"], in: directory)
            for step in ["(root) @1", "[1]  (GC roots) @", "[20]  (Stack roots) @", "[3]  Request @"] {
                #expect(path.stdout.contains(step), "\(path)")
            }
        }
    }
}
