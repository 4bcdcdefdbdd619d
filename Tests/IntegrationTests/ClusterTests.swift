import Foundation
import Testing

/// Node passes SIGUSR1 on to all workers of a cluster when the inspector of its primary opens.
struct ClusterTests {
    private func with(
        _ kind: String, _ node: Node, _ file: String = "", _ body: (Target, [pid_t]) throws -> Void
    ) throws {
        let port = try Listener.freePort()
        try Target.with(
            "cluster-primary.js", node, options: ["--inspect-port=\(port)"], arguments: [kind, file]
        ) { target in
            let workers = try #require(target.facts["workers"] as? [Int]).map { pid_t($0) }
            try body(target, workers)
            for worker in workers { #expect(kill(worker, 0) == 0, "worker \(worker) has ended") }
        }
    }

    /// Inspectors only: a primary's own sockets are its workers' too.
    private func listeners(_ worker: pid_t, of primary: pid_t) -> Set<Listener> {
        Listener.held(by: worker).subtracting(Listener.held(by: primary))
    }

    private func expectWorkersToBeClosed(_ workers: [pid_t], of primary: pid_t) throws {
        for worker in workers {
            try eventually("worker \(worker) has no guardian any more") { Guardian.pids(watching: worker).isEmpty }
            #expect(listeners(worker, of: primary).isEmpty)
        }
    }

    @Test(arguments: Node.supported, Way.allCases)
    func noPortStaysOpenInItsWorkers(node: Node, way: Way) throws {
        try with("plain", node) { target, workers in
            try Heapdump.run(["\(target.pid)"] + way.options).expect(exit: 0)
            try target.awaitBackToNormal()
            try expectWorkersToBeClosed(workers, of: target.pid)
            try target.expectToServe()
        }
    }

    /// One that is in native code opens its own when it is done, long after the primary's was closed.
    @Test(arguments: Node.supported)
    func oneThatIsBusyIsWaitedFor(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let file = directory("done")
            try with("busy", node, file) { target, workers in
                try Heapdump.run(["\(target.pid)"]).expect(exit: 0)
                #expect(!Guardian.pids(watching: workers[1]).isEmpty)
                #expect(FileManager.default.createFile(atPath: file, contents: nil))
                try expectWorkersToBeClosed(workers, of: target.pid)
                try target.awaitBackToNormal()
            }
        }
    }

    @Test(arguments: Node.supported)
    func oneWithAHandlerOfItsOwnIsLeftAlone(node: Node) throws {
        try with("handler", node) { target, workers in
            let run = try Heapdump.run(["\(target.pid)", "--no-ptrace"])
            run.expect(exit: 69)
            run.expect(saying: "cluster", "process \(workers[1])", "handler of its own")
            try target.expectUntouched()
        }
    }
}
