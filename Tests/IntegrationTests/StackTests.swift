import Foundation
import Testing

/// `heapdump stack` on programs whose place in their code is known.
struct StackTests {
    /// One run of `stack --json`.
    private struct Look {
        let report: [String: Any]

        init(_ target: Target, _ options: [String] = []) throws {
            let run = try Heapdump.run(["stack", "\(target.pid)", "--json"] + options)
            run.expect(exit: 0)
            report = try run.json()
        }

        var kind: String { (report["verdict"] as? [String: Any])?["kind"] as? String ?? "" }
        var text: String { (report["verdict"] as? [String: Any])?["text"] as? String ?? "" }
        var threads: [[String: Any]] { report["threads"] as? [[String: Any]] ?? [] }

        static func frames(_ thread: [String: Any]?) -> [[String: Any]] { thread?["frames"] as? [[String: Any]] ?? [] }

        /// The innermost function that is not Node's own.
        static func innermost(_ thread: [String: Any]?) -> String? {
            let frame = frames(thread).first { frame in
                frame["kind"] as? String == "javascript" && !(frame["file"] as? String ?? "").hasPrefix("node:")
            }
            return frame?["function"] as? String
        }
    }

    private static func places() throws -> [String] {
        let text = try String(contentsOfFile: "\(Package.targets)/known-places.js", encoding: .utf8)
        let names = text.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("  "), let colon = line.range(of: ": javascript(") ?? line.range(of: ": place(") else {
                return nil
            }
            return line[..<colon.lowerBound].trimmingCharacters(in: CharacterSet(charactersIn: " '"))
        }
        return names
    }

    /// Starts a program that goes to a place, and looks at it until it is there.
    private func expect(_ place: String, _ node: Node, in thread: (Look) -> [String: Any]?, _ arguments: [String] = [])
        throws
    {
        try TemporaryDirectory.with { directory in
            let fifo = directory("fifo")
            try #require(mkfifo(fifo, 0o600) == 0)
            try Target.with("known-places.js", node, arguments: [place, fifo] + arguments) { target in
                let kinds = (target.facts["kind"] as? String ?? "").split(separator: "|").map(String.init)
                let innermost = (target.facts["innermost"] as? String)?.split(separator: "|").map(String.init)
                var last = ""
                // On its way there it passes through other places.
                try eventually("\(place) on \(node), and not \(last)") {
                    let look = try Look(target, arguments.isEmpty ? [] : ["--threads"])
                    let seen = thread(look)
                    let kind = (seen?["verdict"] as? [String: Any])?["kind"] as? String ?? ""
                    last = "\(kind) in \(Look.innermost(seen) ?? "no function"): \(look.text)"
                    return kinds.contains(kind)
                        && (innermost.map { $0.contains(Look.innermost(seen) ?? "") } ?? (Look.innermost(seen) == nil))
                }
            }
        }
    }

    @Test(arguments: Node.supported, try StackTests.places())
    func findsTheMainThreadWhereItIs(node: Node, place: String) throws {
        try expect(place, node) { $0.threads.first }
    }

    @Test(arguments: Node.each, ["loop", "inlined", "regexp", "atomics wait", "idle", "execSync"])
    func findsAWorkerWhereItIs(node: Node, place: String) throws {
        try expect(
            place, node,
            in: { look in
                look.threads.first { $0["kind"] as? String == "worker" && $0["thread_id"] as? Int == 1 }
            }, ["worker"])
    }

    /// V8's own stack trace is the measure: where each function is, line and column, interpreted, compiled or inlined. Not compiled by
    /// Maglev, which keeps no positions.
    @Test(arguments: Node.each, [[], ["200"], ["20000"]])
    func findsEachFunctionWhereV8Does(node: Node, rounds: [String]) throws {
        let options = node.rawValue < 20 ? [] : ["--no-maglev"]
        try Target.with("stands-where-it-says.js", node, options: options, arguments: rounds) { target in
            // "    at name (file:line:column)", or without name and parentheses.
            let own = (target.facts["stack"] as? String ?? "").split(separator: "\n").dropFirst().map { line in
                line.trimmingCharacters(in: .whitespaces).split(separator: " ").last.map {
                    $0.trimmingCharacters(in: CharacterSet(charactersIn: "()"))
                } ?? ""
            }.filter { $0.contains(":") }
            try #require(own.count >= 12, "\(own)")
            var look = try Look(target)
            try eventually("Atomics.wait") {
                look = try Look(target)
                return look.kind == "atomics-wait"
            }
            let seen = Look.frames(look.threads.first).filter { $0["kind"] as? String == "javascript" }.map { frame in
                let line = frame["line"] as? Int ?? 0
                let column = frame["column"] as? Int ?? 0
                let isExact = frame["position"] as? String == "now"
                return "\(frame["file"] as? String ?? "<anonymous>"):\(line):\(column)\(isExact ? "" : " (begin)")"
            }
            // The innermost one has gone on by two lines.
            let expected = own.dropFirst()
            #expect(Array(seen.dropFirst()) == Array(expected), "\(seen)\n\(target.facts["stack"] ?? "")")
        }
    }

    /// In Maglev's code a function may be in any of those that are inlined into it, which are named.
    @Test(arguments: [Node.v24, .v26])
    func namesWhatMaglevHasInlined(node: Node) throws {
        let options = ["--maglev", "--no-turbofan", "--allow-natives-syntax"]
        try Target.with("stands-where-it-says.js", node, options: options, arguments: ["20000"]) { target in
            var names: Set<String> = []
            try eventually("all functions, and not \(names)") {
                let frames = Look.frames(try Look(target).threads.first)
                let all =
                    frames.compactMap { $0["function"] as? String }
                    + frames.flatMap { $0["may_be_in"] as? [String] ?? [] }
                names = Set(all)
                return names.isSuperset(of: ["sell", "open", "spread", "callsBack", "generates", "catches", "start"])
            }
        }
    }

    @Test(arguments: Node.supported)
    func leavesTheProcessAsItWas(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            let before = Holdings(of: target.pid)
            for _ in 1...20 { _ = try Look(target, ["--threads"]) }
            #expect(Holdings(of: target.pid) == before)
            try target.expectUntouched()
        }
    }

    @Test(arguments: Node.supported)
    func aBlockedReadGoesOn(node: Node) throws {
        try Target.with("blocked-in-read.js", node) { target in
            try eventually("a blocked read") { try Look(target).text.hasPrefix("blocked in read(fd 0 → pipe)") }
            try target.child.write("four")
            try eventually("the read's result") { target.child.stdout.text.contains("read 4\n") }
        }
    }

    @Test func severalLooksSayHowLong() throws {
        try Target.with("spinning.js", .v26) { target in
            let run = try Heapdump.run(["stack", "\(target.pid)", "--samples", "3", "--interval", "50ms"])
            run.expect(exit: 0)
            #expect(run.stdout.hasPrefix("main thread: "), "\(run)")
            #expect(run.stdout.contains(" of 3 samples"), "\(run)")
        }
    }

    @Test func saysWhichFileItReads() throws {
        try TemporaryDirectory.with { directory in
            let fifo = directory("orders")
            try #require(mkfifo(fifo, 0o600) == 0)
            try Target.with("known-places.js", .v26, arguments: ["read of a FIFO", fifo]) { target in
                try eventually("the FIFO's path") {
                    try Look(target).text.contains("→ \(fifo)), called by here (")
                }
            }
        }
    }

    @Test func aStoppedProcessIsSaidToBe() throws {
        try Target.with("idle-server.js", .v26) { target in
            kill(target.pid, SIGSTOP)
            defer { kill(target.pid, SIGCONT) }
            try eventually("the stop") { try Look(target).kind == "stopped" }
            // The look has not let it go on.
            #expect(try Look(target).kind == "stopped")
            kill(target.pid, SIGCONT)
            try target.expectToServe()
        }
    }

    @Test func anotherTracerIsNamed() throws {
        try TemporaryDirectory.with { directory in
            let tracer = directory("gdb")
            try CCompiler.makeProgram(tracer, of: "tracer.c")
            try Target.with("idle-server.js", .v26) { target in
                try Target.with(Command([tracer, "\(target.pid)"])) { tracer in
                    let run = try Heapdump.run(["stack", "\(target.pid)", "--json"])
                    run.expect(exit: 69)
                    try run.expect(code: "traced")
                    #expect(run.stdout.contains("gdb (pid \(tracer.pid)) traces it"), "\(run)")
                }
            }
        }
    }

    @Test func refusesWhatIsNotNode() throws {
        try Command(["sleep", "1000"]).withChild { child in
            try Heapdump.run(["stack", "\(child.pid)"]).expect(exit: 67)
        }
        try Heapdump.run(["stack", "999999999"]).expect(exit: 66)
        try Heapdump.run(["stack", "1", "--samples", "0"]).expect(exit: 64)
    }
}
