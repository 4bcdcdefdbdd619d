import Foundation
import Testing

/// Snapshots that many tests look into: each is taken once.
enum Snapshots {
    static let leakedCount = 60_000

    private static let leaks = Node.allCases.reduce(into: [Node: Once]()) { $0[$1] = Once() }
    private static let growing = Once()
    private static let hostile = Once()

    /// Of leaks-named-class.js, by the program itself.
    static func leak(_ node: Node, _ body: (_ file: String, TemporaryDirectory) throws -> Void) throws {
        _ = try node.path()
        let data = try leaks[node]?.get {
            try Target.with("leaks-named-class.js", node, arguments: ["\(leakedCount)"]) { target in
                try TemporaryDirectory.with { directory in
                    try dump(target, to: "leak", in: directory)
                    return [try contents(directory("leak"))]
                }
            }
        }
        try with(data ?? [], ["leak.heapsnapshot"]) { try body("leak.heapsnapshot", $0) }
    }

    /// `older` and `newer` of a server that leaks a Session with each request.
    static func growth(_ body: (TemporaryDirectory) throws -> Void) throws {
        _ = try Node.v24.path()
        let data = try growing.get {
            try TemporaryDirectory.with { directory in
                let script = """
                    class Session { constructor(id) { this.id = id; this.data = { session: 'a' + id, of: 'b' + id }; } }
                    global.store = new Map();
                    let id = 0;
                    const add = () => { for (let i = 0; i < 5000; i++) store.set('key' + ++id, new Session(id)); };
                    add();
                    require('\(Package.targets)/support/target').serve({ '/add': () => { add(); return 'added'; } });
                    """
                try Data(script.utf8).write(to: URL(fileURLWithPath: directory("server.js")))
                let row = [try Node.v24.path(), "--inspect-port=0", "server.js"]
                return try Target.with(Command(row, in: directory.path)) { target in
                    try dump(target, to: "older", in: directory)
                    #expect(try target.get("/add") == "added")
                    #expect(try target.get("/add") == "added")
                    try dump(target, to: "newer", in: directory)
                    return [try contents(directory("older")), try contents(directory("newer"))]
                }
            }
        }
        try with(data, ["older", "newer"], body)
    }

    /// Sets the window's title, clears the screen, ends the line, turns the text round; in C0, C1 and Unicode.
    static let hostileText = "\u{1B}]0;x\u{7}\u{1B}[2J\u{9B}31m\rok\n\u{202E}\u{7F}\u{8}\u{2028}\u{200B}e"

    /// Of a program whose classes, properties, functions and strings have hostile and very long names; and `other`, of the same
    /// before it had any.
    static func hostile(_ body: (_ file: String, TemporaryDirectory) throws -> Void) throws {
        let node = try Node.v24.path()
        let data = try hostile.get {
            try TemporaryDirectory.with { directory in
                let quoted = String(decoding: try JSONEncoder().encode(hostileText), as: UTF8.self)
                let script = """
                    const { writeHeapSnapshot } = require('v8'), fs = require('fs');
                    writeHeapSnapshot('other');
                    const h = \(quoted), long = h.repeat(50), wide = '漢字'.repeat(500), marks = 'e\\u0301'.repeat(500);
                    const names = [h, long, wide, marks, 'half\\ud83d', 'C'.repeat(1000), 'Link' + long];
                    // No program can give a class such a name: a document can.
                    const classes = names.map((name, i) => {
                      return eval(`(class ClassNumber${i} { constructor(i) { this[name] = i; this.text = name + i; } })`);
                    });
                    const named = (name, held) => ({ [name]: () => held })[name];
                    names.slice(0, -1).forEach((name, number) => {
                      const some = (_, i) => [new classes[number](i), named(name, { i }), { [name]: [i], [name + 2]: [] }];
                      global[name] = Array.from({ length: 500 }, some);
                      global[name].copies = Array.from({ length: 50 }, () => JSON.parse(JSON.stringify(name.repeat(3))));
                      global[name].symbol = Symbol(name);
                    });
                    let list = null;
                    for (let i = 0; i < 20000; i++) {
                      const link = new classes[6](i);
                      link[h] = list;
                      list = link;
                    }
                    global.list = list;
                    writeHeapSnapshot('plain');
                    const text = fs.readFileSync('plain', 'utf8');
                    const rename = (text, name, i) => text.replace(`"ClassNumber${i}"`, () => JSON.stringify(name));
                    fs.writeFileSync('hostile', names.reduce(rename, text));
                    """
                try Data(script.utf8).write(to: URL(fileURLWithPath: directory("hostile.js")))
                try Command([node, "hostile.js"], in: directory.path).run().expect(exit: 0)
                return [try contents(directory("hostile")), try contents(directory("other"))]
            }
        }
        try with(data, ["hostile.heapsnapshot", "other"]) { try body("hostile.heapsnapshot", $0) }
    }

    private static func dump(_ target: Target, to name: String, in directory: TemporaryDirectory) throws {
        let run = try Heapdump.run(["\(target.pid)", "-q", "-m", "fork", "-o", name], in: directory)
        guard run.ending == .exited(0) else { throw Failure("\(run)") }
    }

    private static func contents(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    private static func with(_ data: [Data], _ names: [String], _ body: (TemporaryDirectory) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            for (data, name) in zip(data, names) { try data.write(to: URL(fileURLWithPath: directory(name))) }
            try body(directory)
        }
    }

    /// What is made when it is first asked for.
    private final class Once: @unchecked Sendable {
        private let lock = NSLock()
        private var made: [Data]?

        func get(_ make: () throws -> [Data]) throws -> [Data] {
            try lock.withLock {
                if let made { return made }
                let data = try make()
                made = data
                return data
            }
        }
    }
}

extension Run {
    /// The same where strings hold half surrogate pairs: those are JSON, but no text that Foundation takes.
    func jsonWithHalves() throws -> [String: Any] {
        let text = stdout.replacing(/\\u[dD][89a-fA-F][0-9a-fA-F]{2}/, with: "?")
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(self)")
    }

    /// A list of objects in its JSON.
    func rows(_ key: String) throws -> [[String: Any]] {
        try #require(try json()[key] as? [[String: Any]], "\(self)")
    }
}

/// The edges of a path in JSON, after the class that it begins at.
func expression(_ path: Any?) -> String {
    let steps = path as? [[String: Any]] ?? []
    return steps.map { step in
        step["edge"] as? String ?? (step["object"] as? [String: Any])?["class"] as? String ?? "?"
    }.joined()
}
