import Foundation
import Testing

/// What a load balancer sees of a dump.
struct HealthProbeTests {
    private struct Probes {
        let count: Int
        /// Of the process alone, and not of another one that was asked at the same time.
        let failures: [String]
    }

    /// Probes a process every 100 ms while `body` runs, until some probes have been answered.
    private func probing(_ target: Target, _ node: Node, _ body: () throws -> Void) throws -> Probes {
        try Target.with("idle-server.js", node) { other in
            let row = try [node.path(), "\(Package.targets)/probes-health.js", "\(target.port)", "\(other.port)"]
            return try Command(row).withChild { prober in
                try eventually("the prober: \(prober.stderr.text)") { prober.stdout.text.contains("ready") }
                try body()
                prober.closeInput()
                try eventually("the prober's end: \(prober.stderr.text)") { prober.poll() != nil }
                let line = prober.stdout.text.split(separator: "\n").last ?? ""
                let told = try #require(
                    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(prober.stderr.text)")
                return Probes(
                    count: told["probes"] as? Int ?? 0, failures: told["failures"] as? [String] ?? ["nothing told"])
            }
        }
    }

    @Test(arguments: Node.supported)
    func noneFailsWhileACopyWorks(node: Node) throws {
        // A pause of two seconds and more, were it taken in the process itself.
        try Target.with("big-heap-server.js", node, arguments: ["50"]) { target in
            let probes = try probing(target, node) {
                for _ in 0..<2 { try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 0) }
            }
            #expect(probes.failures.isEmpty)
            #expect(probes.count > 10)
        }
    }

    /// Nor where the copy is moved to a control group of its own, and is ended for lack of memory.
    @Test(arguments: Node.supported)
    func noneFailsNearTheMemoryLimit(node: Node) throws {
        try LimitedGroup.with { group in
            try Target.with("big-heap-server.js", node, arguments: ["50"], launcher: group.launcher) { target in
                try group.leaveMemory(40 << 20)
                let probes = try probing(target, node) {
                    try Heapdump.run(["\(target.pid)"]).expect(exit: 0)
                    try Heapdump.run(["\(target.pid)", "--dump-memory-max", "60M", "--force-memory"]).expect(exit: 71)
                }
                #expect(probes.failures.isEmpty)
                #expect(probes.count > 5)
            }
        }
    }

    /// What the others are spared: the probe does see a pause.
    @Test func theyFailWhileV8WorksInTheProcessItself() throws {
        try Target.with("big-heap-server.js", .v22, arguments: ["80"]) { target in
            let probes = try probing(target, .v22) {
                try Heapdump.run(["\(target.pid)", "-m", "inspector"]).expect(exit: 0)
            }
            #expect(!probes.failures.isEmpty)
        }
    }
}
