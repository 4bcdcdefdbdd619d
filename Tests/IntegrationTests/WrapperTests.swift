import Foundation
import Testing

/// Node processes that only run another one. Who names their pid gets their heap, and is told whose it is.
struct WrapperTests {
    /// Each runs `server`, a script of that name in the same directory, as its child or further below.
    enum Wrapper: String, CaseIterable {
        /// A title, and a shell between.
        case npm
        /// The same of a link to a command; the program has more options than it was given.
        case tsx
        /// No name that anybody knows.
        case other
        /// Node's own.
        case watch

        /// What it is called.
        var name: String {
            switch self {
            case .npm, .tsx: rawValue
            case .other: "start.js"
            case .watch: "node --watch"
            }
        }

        /// Node itself keeps SIGUSR1 from the process that watches.

        private static let spawn = """
            const spawn = (...row) => require('child_process').spawn(row[0], row.slice(1), { stdio: 'inherit' });

            """

        /// Writes what it needs.
        /// - Returns: the arguments of Node.
        func prepare(in directory: TemporaryDirectory, _ server: String) throws -> [String] {
            switch self {
            case .npm:
                let script =
                    "process.title = 'npm start \(server)';\nspawn('sh', '-c', '\"$0\" \(server); :', process.execPath);"
                try write(script, to: "npm-cli.js", directory)
                return ["npm-cli.js", "start", "a long line that leaves room for the title", server]
            case .tsx:
                try FileManager.default.createDirectory(
                    atPath: directory("node_modules/.bin"), withIntermediateDirectories: true)
                let script = "spawn(process.execPath, '--no-warnings', ...process.argv.slice(2));"
                try write(script, to: "node_modules/cli.js", directory)
                try FileManager.default.createSymbolicLink(
                    atPath: directory("node_modules/.bin/tsx"), withDestinationPath: "../cli.js")
                return ["node_modules/.bin/tsx", server]
            case .other:
                try write("spawn(process.execPath, process.argv[3]);", to: "start.js", directory)
                return ["start.js", "--fast", server]
            case .watch:
                return ["--watch", server]
            }
        }

        private func write(_ script: String, to name: String, _ directory: TemporaryDirectory) throws {
            try Data((Self.spawn + script).utf8).write(to: URL(fileURLWithPath: directory(name)))
        }
    }

    // Node has --watch from 18.11 on.
    @Test(arguments: Node.supported(from: .v20), Wrapper.allCases)
    func saysWhichDescendantRunsTheProgram(node: Node, wrapper: Wrapper) throws {
        try withWrapper(wrapper, node) { target, program, server, directory in
            let run = try Heapdump.run(["\(target.pid)", "-o", "a.heapsnapshot", "--json"], in: directory)
            run.expect(exit: 0)
            let facts = try #require(try run.json()["target"] as? [String: Any])
            #expect(facts["pid"] as? Int == Int(target.pid))
            let warnings = try #require(try run.json()["warnings"] as? [String])
            let words = ["this is \(wrapper.name)'s own process", "descendant \(program): ", server]
            #expect(warnings.contains { warning in words.allSatisfy { warning.contains($0) } }, "\(warnings)")

            let plain = try Heapdump.run(["\(program)", "-o", "b.heapsnapshot"], in: directory)
            plain.expect(exit: 0)
            #expect(!plain.stderr.contains("own process"), "\(plain)")
        }
    }

    @Test(arguments: Node.supported(from: .v20), Wrapper.allCases)
    func aNameMeansTheProgram(node: Node, wrapper: Wrapper) throws {
        try withWrapper(wrapper, node) { _, program, server, directory in
            // The whole name is the program's alone, and a part of it is in both command lines.
            for text in [server, String(server.dropLast(3))] {
                let run = try Heapdump.run(["-n", text, "-o", "%p.heapsnapshot", "--overwrite"], in: directory)
                run.expect(exit: 0)
                #expect(run.path == directory("\(program).heapsnapshot"))
            }
        }
    }

    /// A program with a worker is the program.
    @Test(arguments: Node.supported)
    func aProgramThatForksAWorkerIsNone(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let worker = uniqueName(".js")
            try Data("process.on('disconnect', () => process.exit());".utf8).write(
                to: URL(fileURLWithPath: directory(worker)))
            let prelude = "require('child_process').fork(process.argv[2], { stdio: 'inherit' });"
            try Target.withScript("primary.js", in: directory, node, prelude: prelude, arguments: [worker]) { target in
                let run = try Heapdump.run(["\(target.pid)", "-o", "a.heapsnapshot"], in: directory)
                run.expect(exit: 0)
                #expect(!run.stderr.contains("own process"), "\(run)")
                try target.expectBackToNormal()
            }
        }
    }

    /// - Parameter body: gets the wrapper, the program's pid and script, and the directory of both.
    private func withWrapper(
        _ wrapper: Wrapper, _ node: Node, _ body: (Target, Int, String, TemporaryDirectory) throws -> Void
    ) throws {
        try TemporaryDirectory.with { directory in
            let server = uniqueName(".js")
            let script = "require('\(Package.targets)/support/target').serve();"
            try Data(script.utf8).write(to: URL(fileURLWithPath: directory(server)))
            let row = try [node.path()] + wrapper.prepare(in: directory, server)
            let command = Command(row, in: directory.path, environment: ["NODE_OPTIONS": "--inspect-port=0"])
            try Target.with(command) { target in
                let program = try #require(target.facts["pid"] as? Int)
                #expect(program != Int(target.pid))
                try body(target, program, server, directory)
                #expect(try target.get() == "ok 1")
                // The program ends with the standard input that it shares with its wrapper.
                target.child.closeInput()
                try eventually("the program has ended") { kill(pid_t(program), 0) != 0 }
            }
        }
    }
}
