import Foundation
import Testing

/// Programs of several kinds, which all go on afterwards.
struct LiveProgramTests {
    @Test(arguments: Node.each, Way.allCases)
    func dumpsAModuleWithoutRequire(node: Node, way: Way) throws {
        try Target.with("esm-server.mjs", node) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)"] + way.options, in: directory)
                run.expect(exit: 0)
                #expect(target.inspectors.isEmpty)
                #expect(target.copies.isEmpty)
                try Guardian.awaitEnd(watching: target.pid)
                // It counts every request, and is asked whether its port is an inspector's.
                #expect(try target.get().hasPrefix("ok "))
            }
        }
    }

    @Test(arguments: Node.supported, Way.allCases)
    func dumpsJavaScriptThatNeverYields(node: Node, way: Way) throws {
        try Target.with("spinning.js", node) { target in
            try TemporaryDirectory.with { directory in
                for _ in 1...2 {
                    let run = try Heapdump.run(["\(target.pid)"] + way.options, in: directory, within: .seconds(60))
                    run.expect(exit: 0)
                    #expect(target.inspectors.isEmpty)
                }
                try target.awaitBackToSpinning()
            }
        }
    }

    @Test(arguments: Node.each, Way.allCases)
    func findsEveryInstanceOfAClass(node: Node, way: Way) throws {
        try Target.with("leaks-named-class.js", node, arguments: ["1234"]) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)"] + way.options, in: directory)
                run.expect(exit: 0)
                let snapshot = try SnapshotText(run.path)
                #expect(try snapshot.ids(ofClass: "LeakedSession").count == 1234)
                #expect(try snapshot.ids(ofClass: "LeakedToken").count == 1234)
            }
        }
    }

    @Test(arguments: Node.supported, Way.allCases)
    func dumpsAProcessInAnotherNetworkNamespace(node: Node, way: Way) throws {
        try Requirement.root()
        try Target.with("idle-server.js", node, launcher: Namespaces.network.launcher) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)"] + way.options, in: directory)
                run.expect(exit: 0)
                #expect(target.inspectors.isEmpty)
                #expect(target.copies.isEmpty)
                try Guardian.awaitEnd(watching: target.pid)
                #expect(target.child.poll() == nil)
            }
        }
    }
}

extension Target {
    /// Nothing of a dump is left of the spinning program but one guardian, and it goes on counting.
    func awaitBackToSpinning() throws {
        try eventually("process \(pid) has closed its inspector; it holds \(inspectors)") { inspectors.isEmpty }
        try eventually("the copies of \(pid) have ended") { copies.isEmpty }
        // Node opens the inspector once more if its event loop ever turns: one guardian waits for that.
        try eventually("one guardian watches") { Guardian.pids(watching: pid).count == 1 }
        let before = child.stdout.text.count
        try eventually("process \(pid) goes on spinning") { child.stdout.text.count > before }
    }
}
