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

    @Test(arguments: Node.supported, FreezerGroup.hierarchies)
    func aFrozenProcessIsNotSignalled(node: Node, hierarchy: String) throws {
        try FreezerGroup.with(in: hierarchy, "idle-server.js", node) { target, group in
            try group.freeze()
            let run = try Heapdump.run(["\(target.pid)"])
            run.expect(exit: 69)
            run.expect(saying: "frozen")
            try group.thaw()
            try target.expectUntouched()
        }
    }
}
