import Foundation
import Testing

/// A target that poses as V8's inspector to do harm to who asks it. Whatever it does, heapdump ends in time with a clear error,
/// takes little memory, writes nothing, and shows nothing raw.
struct AttackTests {
    /// What the attack makes of a run.
    enum Outcome: CustomStringConvertible {
        /// The socket is not taken for an inspector: none is open.
        case notAnInspector
        case lost
        case notValid
        case timedOut

        var description: String { String(describing: self.exitCode) }

        var exitCode: Int32 {
            switch self {
            case .notAnInspector, .lost: 69
            case .notValid: 65
            case .timedOut: 75
            }
        }
    }

    static let attacks: [(String, Set<Outcome>)] = [
        // Instead of its version
        ("silence", [.notAnInspector]), ("hang-up", [.notAnInspector]), ("binary", [.notAnInspector]),
        ("endless-head", [.notAnInspector]), ("long-header", [.notAnInspector]), ("endless-body", [.notAnInspector]),
        ("deep-json", [.notAnInspector]), ("long-number", [.notAnInspector]), ("drip", [.notAnInspector]),
        ("redirect", [.notAnInspector]), ("other-program", [.notAnInspector]),
        // Instead of a WebSocket
        ("path-elsewhere", [.lost]), ("no-path", [.lost]), ("wrong-accept", [.lost]), ("no-upgrade", [.lost]),
        // Through the WebSocket, before it was asked for anything: what comes together with its opening may be passed over
        ("huge-frame", [.lost, .timedOut]), ("reserved-bits", [.lost, .timedOut]), ("endless-message", [.lost]),
        ("continued-nothing", [.lost, .timedOut]), ("not-json", [.lost, .timedOut]), ("not-utf-8", [.lost, .timedOut]),
        ("ping-flood", [.lost, .timedOut]), ("progress-flood", [.lost, .timedOut]),
        ("nonsense-flood", [.lost, .timedOut]),
        ("close-with-escapes", [.lost, .timedOut]),
        // As answers
        ("strange-numbers", [.lost]), ("says-it-is-done", [.notValid, .timedOut]), ("long-error", [.lost]),
        ("endless-snapshot", [.notValid, .timedOut]), ("endless-nodes", [.notValid, .timedOut]),
        ("broken-chunk", [.lost]),
        ("two-snapshots", [.notValid]),
    ]

    @Test(arguments: attacks)
    func endsInAClearError(attack: String, outcomes: Set<Outcome>) throws {
        // With no other inspector to go on with.
        let options = ["--inspect-port=0", "--disable-sigusr1"]
        try Target.with("attacking-inspector.js", .v24, options: options, arguments: [attack]) { target in
            try TemporaryDirectory.with { directory in
                let peak = directory("peak")
                let command = ["python3", "\(Package.root)/Tests/Launchers/note-peak.py", peak, Heapdump.binary]
                // What ends by itself gets time for that on a busy machine too.
                let timeout = outcomes.contains(.timedOut) ? "4" : "15"
                let options = ["\(target.pid)", "-m", "inspector", "--max-pause", "unlimited", "--timeout", timeout]
                let run = try Command(command + options, in: directory.path).run()
                #expect(outcomes.contains { run.ending == .exited($0.exitCode) }, "\(run)")
                run.expect(saying: "heapdump: process \(target.pid): ")
                #expect(run.duration < .seconds(40), "\(run)")
                let peakBytes = try #require(Int(String(contentsOfFile: peak, encoding: .utf8)))
                // 14 MB where all goes well; a message is 16 MiB at most, and a number's set of all node ids 4 MiB.
                #expect(peakBytes < 80 << 20, "\(run)")
                #expect(directory.contents == ["peak"], "\(run)")
                #expect(run.stdout.isEmpty)
                #expect(
                    !run.stderr.unicodeScalars.contains {
                        $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value)
                    }, "\(run)")
                #expect(run.stderr.utf8.count < 4000, "\(run)")
            }
            #expect(!target.wasSignalled)
            try target.expectToServe()
        }
    }

    /// Each with a name of 8 MiB.
    @Test func workersWithoutEndTakeLittleMemory() throws {
        let options = ["--inspect-port=0", "--disable-sigusr1"]
        try Target.with("attacking-inspector.js", .v24, options: options, arguments: ["many-workers"]) { target in
            try TemporaryDirectory.with { directory in
                let peak = directory("peak")
                let command = ["python3", "\(Package.root)/Tests/Launchers/note-peak.py", peak, Heapdump.binary]
                let options = ["\(target.pid)", "-m", "fork", "--thread", "7", "--timeout", "60"]
                let run = try Command(command + options, in: directory.path).run()
                run.expect(exit: 69)
                run.expect(saying: "without end")
                let peakBytes = try #require(Int(String(contentsOfFile: peak, encoding: .utf8)))
                #expect(peakBytes < 160 << 20, "\(run)")
                #expect(directory.contents == ["peak"], "\(run)")
            }
            try target.expectToServe()
        }
    }

    /// Twenty sockets that take no connection are waited for together, and no longer than the run may take.
    @Test func fullQueuesAreWaitedForTogether() throws {
        try Requirement.root()
        try TemporaryDirectory.with { directory in
            let source = try String(contentsOfFile: "\(Package.targets)/full-queues.c", encoding: .utf8)
            try CProgram.build("hostile", CProgram.node + source, ["-rdynamic", "-pthread"], in: directory)
            chmod(directory.path, 0o755)
            try Command([directory("hostile")], in: directory.path, user: .nobody).withChild { hostile in
                try eventually("it runs: \(hostile.stderr.text)") { hostile.stdout.text == "ready\n" }
                let run = try Heapdump.run(["\(hostile.pid)", "--timeout", "8"], in: directory)
                run.expect(exit: 75)
                run.expect(saying: "timed out after 8 s while opening the inspector")
                // One after another they took 40 s.
                #expect(run.duration < .seconds(20), "\(run)")
                #expect(hostile.poll() == nil)
            }
        }
    }
}
