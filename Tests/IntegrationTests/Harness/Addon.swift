import Foundation
import Testing

/// The add-on that applications load, as `make agent` leaves it.
enum Addon {
    /// Fails the test where all must be there, and else leaves it out.
    static func path() throws -> String {
        let path = Package.root + "/.build/agent/node"
        if FileManager.default.fileExists(atPath: path + "/heapdump.node") { return path }
        let reason = "the add-on is not at .build/agent/node: run make agent"
        if Requirement.nodes.isStrict { throw Failure(reason) }
        try Test.cancel("\(reason)")
    }

    static func command(
        _ program: String, _ node: Node, _ arguments: [String], in directory: TemporaryDirectory,
        user: Command.User = .same, environment: [String: String] = [:]
    ) throws -> Command {
        let row = try [node.path(), "\(Package.targets)/with-addon/\(program)", path()] + arguments
        return Command(row, in: directory.path, user: user, environment: environment)
    }

    /// Runs a program of Tests/Targets/with-addon to its end.
    static func run(
        _ program: String, _ node: Node, _ arguments: [String], in directory: TemporaryDirectory,
        user: Command.User = .same
    ) throws -> Told {
        try Told(command(program, node, arguments, in: directory, user: user).run())
    }

    /// Starts a server that has loaded the add-on by `node -r`, in a directory of its own.
    static func withServer<Result>(
        _ node: Node, _ instances: Int, environment: [String: String] = [:],
        _ body: (Target, TemporaryDirectory) throws -> Result
    ) throws -> Result {
        try DumpingTarget.with(
            node, "leaks-named-class.js", options: ["--inspect-port=0", "-r", path()], arguments: ["\(instances)"],
            environment: environment, body)
    }

    /// A snapshot that heapdump finds whole, and that holds so many instances of a class.
    static func expect(
        _ file: String, holds count: Int, of name: String = "AddonMarker",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let check = try Heapdump.run(["check", file])
        check.expect(exit: 0, sourceLocation: sourceLocation)
        #expect(try SnapshotText(file).ids(ofClass: name).count == count, sourceLocation: sourceLocation)
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o600, sourceLocation: sourceLocation)
    }
}

/// What a program of Tests/Targets/with-addon said: a JSON object a line.
struct Told {
    let run: Run
    let facts: [[String: Any]]

    init(_ run: Run) throws {
        self.run = run
        facts = try run.stdout.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(run)")
        }
    }

    /// One of each callback, in their order.
    var ends: [[String: Any]] { facts.filter { $0["error"] != nil } }

    var errors: [String?] { ends.map { $0["error"] as? String } }
    var files: [String?] { ends.map { $0["filename"] as? String } }
    var returned: [Bool] { values("returned") }

    func values<Value>(_ key: String) -> [Value] { facts.compactMap { $0[key] as? Value } }

    /// It has ended by itself, each callback was called once and not too early, and no descriptor, no thread and no
    /// child of the dumps was left.
    func expectCleanEnd(callbacks: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        run.expect(exit: 0, sourceLocation: sourceLocation)
        #expect(ends.count == callbacks, "\(run)", sourceLocation: sourceLocation)
        #expect(values("tooEarly") == [Bool](), "\(run)", sourceLocation: sourceLocation)
        let left: [[String: Int]] = values("left")
        #expect(left == [["descriptors": 0, "threads": 0, "children": 0]], "\(run)", sourceLocation: sourceLocation)
    }
}
