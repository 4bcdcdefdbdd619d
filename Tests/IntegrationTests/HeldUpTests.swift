import Foundation
import Testing

/// Processes that get a signal later, or whose tracer would stop them at one.
struct HeldUpTests {
    private func withTracer(
        named name: String, of target: Target, passesSignalsOn: Bool = false, _ body: (Child) throws -> Void
    ) throws {
        try Requirement.root()
        try TemporaryDirectory.with { directory in
            let tracer = directory(name)
            try CCompiler.makeProgram(tracer, of: "tracer.c")
            try Target.with(Command([tracer, "\(target.pid)"] + (passesSignalsOn ? ["on"] : []))) { try body($0.child) }
        }
    }

    @Test(arguments: Node.supported, ["gdb", "a-debugger"])
    func aDebuggerIsNamedAndNothingSent(node: Node, name: String) throws {
        try Target.with("idle-server.js", node) { target in
            try withTracer(named: name, of: target) { tracer in
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)"], in: directory)
                    run.expect(exit: 69)
                    run.expect(saying: "\(name), process \(tracer.pid)", "detach")
                    #expect(directory.contents.isEmpty)
                }
                #expect(!tracer.stdout.text.contains("holds"))
            }
            try target.expectUntouched()
        }
    }

    @Test(arguments: Node.supported)
    func straceIsNoHindrance(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try withTracer(named: "strace", of: target, passesSignalsOn: true) { _ in
                try Heapdump.run(["\(target.pid)"]).expect(exit: 0)
            }
            try target.expectBackToNormal()
        }
    }

    /// A tracer that is not what it is called: the signal comes when it lets go, and what it opens is closed.
    @Test(arguments: Node.one)
    func aSignalThatIsHeldUpIsGuardedUntilItComes(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try withTracer(named: "strace", of: target) { tracer in
                let run = try Heapdump.run(["\(target.pid)"])
                run.expect(exit: 69)
                run.expect(saying: "holds it up", "guardian")
                #expect(tracer.stdout.text.contains("holds"))
                #expect(!Guardian.pids(watching: target.pid).isEmpty)
                tracer.closeInput()
                try eventually("it opens its inspector: \(target.child.stderr.text)") { target.wasSignalled }
                try target.awaitBackToNormal()
            }
            try target.expectToServe()
        }
    }

    @Test(arguments: Node.supported, ["/sys/fs/cgroup/unified", "/sys/fs/cgroup", "/sys/fs/cgroup/freezer"])
    func aFrozenProcessIsNotSignalled(node: Node, hierarchy: String) throws {
        try Requirement.root()
        try ControlGroup.with(in: hierarchy) { outer in
            let control = ["cgroup.freeze", "freezer.state"].map { "\(outer.path)/\($0)" }
                .first { FileManager.default.fileExists(atPath: $0) }
            guard let control else { try Test.cancel("\(hierarchy) cannot freeze") }
            let isOld = control.hasSuffix("state")
            // The group above the process's own.
            let inner = outer.path + "/inner"
            try #require(mkdir(inner, 0o755) == 0)
            defer { try? eventually("\(inner) is empty") { rmdir(inner) == 0 || errno != EBUSY } }
            let launcher = ["sh", "-c", "echo $$ > '\(inner)/cgroup.procs' && exec \"$@\"", "sh"]
            try Target.with("idle-server.js", node, launcher: launcher) { target in
                try write(isOld ? "FROZEN" : "1", to: control)
                defer { try? write(isOld ? "THAWED" : "0", to: control) }
                let run = try Heapdump.run(["\(target.pid)"])
                run.expect(exit: 69)
                run.expect(saying: "frozen")
                try write(isOld ? "THAWED" : "0", to: control)
                try target.expectUntouched()
            }
        }
    }

    private func write(_ text: String, to path: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.write(contentsOf: Data(text.utf8))
    }
}
