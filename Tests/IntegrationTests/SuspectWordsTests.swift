import Foundation
import Testing

/// What `heapdump summary` says of small programs, each in a way of its own.
struct SuspectWordsTests {
    /// Runs a program that writes `a.heapsnapshot`.
    /// - Parameter files: their texts, by name; `main.mjs` or `main.js` is run.
    /// - Returns: the summary as words, and as JSON.
    private func summary(_ node: Node, _ files: [String: String]) throws -> (text: String, json: [String: Any]) {
        try TemporaryDirectory.with { directory in
            for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: directory(name))) }
            let main = try #require(files.keys.first { $0.hasPrefix("main.") })
            try Command([try node.path(), main], in: directory.path).run().expect(exit: 0)
            return try summary(of: "a.heapsnapshot", in: directory)
        }
    }

    private func summary(
        of file: String, in directory: TemporaryDirectory
    ) throws -> (text: String, json: [String: Any]) {
        let run = try Heapdump.run(["summary", file], in: directory)
        run.expect(exit: 0)
        let words = run.stdout.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return (words, try Heapdump.run(["summary", file, "--json"], in: directory).json())
    }

    private static let write = "require('v8').writeHeapSnapshot('a.heapsnapshot');"

    @Test(arguments: Node.supported)
    func countsWhatAMapKeeps(node: Node) throws {
        let program = """
            class Session { constructor(id) { this.name = `user ${id}`; this.items = [{ id }]; } }
            const sessions = new Map();
            for (let i = 0; i < 20000; i++) sessions.set(i, new Session(i));
            setImmediate(() => { \(Self.write) process.exit(sessions.size ? 0 : 1); });
            """
        let (text, json) = try summary(node, ["main.js": program])
        #expect(text.contains("1. 20,000 Session objects, "), "\(text)")
        #expect(text.contains("all held by the Map at sessions in main.js"), "\(text)")
        #expect(text.contains(#/; with them 20,00\d \w+, 20,00\d /#) && text.contains(#/20,00\d Array/#), "\(text)")
        let suspect = try #require((json["suspects"] as? [[String: Any]])?.first)
        let classes = try #require(suspect["classes"] as? [[String: Any]])
        let counts = Dictionary(
            classes.map { ($0["class"] as? String ?? "", $0["count"] as? Int ?? 0) }, uniquingKeysWith: +)
        // V8 makes one or two of a kind for itself.
        #expect(counts["Session"] == 20_000 && (20_000...20_009).contains(counts["Array"] ?? 0), "\(counts)")
        let sizes = classes.compactMap { $0["shallow_size"] as? Int }
        #expect(sizes == sizes.sorted(by: >) && sizes.count == min(50, suspect["class_count"] as? Int ?? 0))
    }

    @Test(arguments: Node.supported)
    func namesTheFileOfWhatVariablesShare(node: Node) throws {
        let program = """
            class Order { constructor(id) { this.id = id; this.text = `order ${id}`; } }
            const recent = [];
            const byName = new Map();
            for (let i = 0; i < 20000; i++) { const order = new Order(i); recent.push(order); byName.set(`o${i}`, order); }
            setImmediate(() => { \(Self.write) process.exit(recent.length + byName.size ? 0 : 1); });
            """
        let (text, _) = try summary(node, ["main.js": program])
        #expect(text.contains("all held by several variables, at recent and byName in main.js"), "\(text)")
    }

    /// A variable is of the module that has it, whichever exports it again.
    @Test(arguments: [Node.v18, .v22, .v26])
    func namesTheModuleThatOwnsAVariable(node: Node) throws {
        let files = [
            "owner.mjs": """
            const kept = [];
            export { kept as sessions };
            export function add(id) { kept.push({ session: id }); }
            """,
            "again.mjs": "export { sessions as again, add } from './owner.mjs'; export const other = [];",
            "main.mjs": """
            import { again, add, other } from './again.mjs';
            import v8 from 'v8';
            for (let i = 0; i < 30000; i++) { add(i); other.push({ other: i }); }
            export { again as last };
            v8.writeHeapSnapshot('a.heapsnapshot');
            """,
        ]
        let (text, _) = try summary(node, files)
        #expect(text.contains("at owner.mjs export sessions"), "\(text)")
        #expect(text.contains("at again.mjs export other"), "\(text)")
    }

    @Test(arguments: Node.supported)
    func saysWhatIsManyInALargeHeap(node: Node) throws {
        let program = """
            const { EventEmitter } = require('events');
            const ballast = new Array(8_000_000).fill(0.5);
            const bus = new EventEmitter();
            bus.setMaxListeners(0);
            for (let i = 0; i < 1500; i++) bus.on('price', () => i);
            for (let i = 0; i < 6000; i++) setTimeout(() => i, 1e8).unref();
            let open;
            const gate = new Promise((resolve) => { open = resolve; });
            async function handle(i) { await gate; return i; }
            const answers = [];
            for (let i = 0; i < 12000; i++) answers.push(handle(i));
            const titles = [];
            for (let i = 0; i < 2500; i++) titles.push(('<title>Page number ' + i + '</title>' + 'text '.repeat(200)).slice(7, 25));
            const lists = [];
            for (let i = 0; i < 1200; i++) { const list = Array.from({ length: 300 }, () => ({})); list.fill(undefined, 3); lists.push(list); }
            setImmediate(() => {
              \(Self.write)
              process.exit([ballast, bus, open, answers, titles, lists].length ? 0 : 1);
            });
            """
        let (text, json) = try summary(node, ["main.js": program])
        #expect(text.contains("1. One Array holds 64.0 MB"), "\(text)")
        #expect(
            text.contains(
                "Also many - 1,500 listeners of 'price' on bus in main.js; all are the function at main.js:5"),
            "\(text)")
        #expect(text.contains("- 6,000 timers, calling main.js:6"), "\(text)")
        #expect(
            text.contains(
                "- 12,000 awaits and then() callbacks wait for promises that are not settled, calling handle (main.js:9)"
            ),
            "\(text)")
        #expect(
            text.contains(
                " short strings keep longer ones that they were cut from, 2.6 MB; the largest is kept by the one at titles in main.js"
            ), "\(text)")
        let many = try #require(json["also_many"] as? [[String: Any]])
        #expect(many.map { $0["kind"] as? String }.prefix(4) == ["listeners", "timers", "promises", "sliced-string"])
        #expect(many.first?["count"] as? Int == 1500)
        #expect((many.first?["anchor"] as? [String: Any])?["name"] as? String == "bus")
    }

    /// 200 clients that stay connected are no leak of anything.
    @Test(arguments: Node.supported, ["main", "cluster", "thread"])
    func saysNothingOfAHealthyServer(node: Node, place: String) throws {
        try TemporaryDirectory.with { directory in
            let row = [try node.path(), Package.targets + "/healthy-server.js", place, directory("a.heapsnapshot")]
            try Command(row, in: directory.path).run().expect(exit: 0)
            let (text, json) = try summary(of: "a.heapsnapshot", in: directory)
            #expect(!text.contains("Also many") && (json["also_many"] as? [Any])?.isEmpty == true, "\(text)")
        }
    }

    @Test(arguments: Node.supported)
    func saysWhoseArrayBuffersAre(node: Node) throws {
        let program = """
            class Upload { constructor(i) { this.body = Buffer.alloc(40000); this.tag = Buffer.from(`tag ${i} ` + 'x'.repeat(300)); } }
            const uploads = [];
            const packets = [];
            for (let i = 0; i < 300; i++) uploads.push(new Upload(i));
            for (let i = 0; i < 100; i++) packets.push(Buffer.alloc(20000));
            setImmediate(() => {
              \(Self.write)
              process.exit(uploads.length > packets.length ? 0 : 1);
            });
            """
        let (text, json) = try summary(node, ["main.js": program])
        #expect(text.contains("of 300 Upload at uploads in main.js"), "\(text)")
        #expect(text.contains("2.0 MB in 100 ArrayBuffers at packets in main.js"), "\(text)")
        let groups = try #require((json["array_buffers"] as? [String: Any])?["groups"] as? [[String: Any]])
        #expect(groups.first?["class"] as? String == "Upload" && groups.first?["owner_count"] as? Int == 300)
        // With the slabs of the pool, in which the tags are.
        #expect((groups.first?["count"] as? Int ?? 0) > 300)
    }

    @Test(arguments: Node.supported)
    func saysWhoseArrayBuffersAreOnTheGlobalObject(node: Node) throws {
        let program = """
            globalThis.ballast = Buffer.alloc(20_000_000);
            globalThis.cache = [1, 2, 3].map(() => Buffer.alloc(2_000_000));
            const handlers = [];
            const add = () => { const body = Buffer.alloc(10_000); handlers.push(() => body.length); };
            for (let i = 0; i < 300; i++) add();
            setImmediate(() => { \(Self.write) process.exit(handlers.length ? 0 : 1); });
            """
        let (text, json) = try summary(node, ["main.js": program])
        #expect(text.contains("20.0 MB in 1 ArrayBuffer at global.ballast"), "\(text)")
        #expect(text.contains("6.0 MB in 3 ArrayBuffers at global.cache"), "\(text)")
        #expect(text.contains("3.0 MB in 300 ArrayBuffers of 300 functions at handlers in main.js"), "\(text)")
        let groups = try #require((json["array_buffers"] as? [String: Any])?["groups"] as? [[String: Any]])
        #expect(groups.map { $0["owner"] as? String }.prefix(3) == ["variable", "variable", "functions"])
        #expect((groups.first?["anchor"] as? [String: Any])?["name"] as? String == "global.ballast")
        #expect(groups.map { $0["owner_count"] as? Int }.prefix(3) == [nil, nil, 300])
    }

    @Test func namesWhatDenoHasOnTheGlobalObject() throws {
        let deno = try Node.path(of: "deno")
        try TemporaryDirectory.with { directory in
            let program = """
                import v8 from 'node:v8';
                class Session { constructor(i) { this.id = i; this.name = `s${i}`; } }
                globalThis.sessions = new Map();
                for (let i = 0; i < 40000; i++) globalThis.sessions.set(i, new Session(i));
                v8.writeHeapSnapshot('a.heapsnapshot');
                """
            try Data(program.utf8).write(to: URL(fileURLWithPath: directory("main.js")))
            let environment = ["DENO_DIR": directory.path, "DENO_NO_UPDATE_CHECK": "1"]
            try Command([deno, "run", "-A", "main.js"], in: directory.path, environment: environment).run()
                .expect(exit: 0)
            let (text, json) = try summary(of: "a.heapsnapshot", in: directory)
            #expect(text.contains("40,000 Session objects, "), "\(text)")
            #expect(text.contains("all held by the Map at globalThis.sessions"), "\(text)")
            let suspect = try #require((json["suspects"] as? [[String: Any]])?.first)
            #expect((suspect["anchor"] as? [String: Any])?["name"] as? String == "globalThis.sessions")
        }
    }
}
