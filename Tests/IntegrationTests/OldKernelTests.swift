import Foundation
import Testing

/// heapdump on kernels that lack what newer ones have: the oldest that distributions still support is Linux 4.18 (RHEL 8).
/// Their answer to a call that they do not know is injected.
struct OldKernelTests {
    /// Since 5.1, 5.3, 5.6, 5.8 and 5.15.
    private static let calls = "pidfd_send_signal,pidfd_open,openat2,faccessat2,process_mrelease"
    private static let launcher = [
        "python3", "\(Package.root)/Tests/Launchers/filtered-calls.py", "ENOSYS", calls,
    ]

    private func run(
        _ arguments: [String], in directory: TemporaryDirectory, error: String = "ENOSYS", user: Command.User = .same
    ) throws -> Run {
        var row = Self.launcher
        row[2] = error
        return try Command(row + [Heapdump.binary] + arguments, in: directory.path, user: user).run()
    }

    /// Older container runtimes refuse with EPERM what they do not know.
    @Test(arguments: Node.supported, ["ENOSYS", "EPERM"])
    func findsAndDumps(node: Node, error: String) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                let list = try run(["list"], in: directory, error: error)
                list.expect(exit: 0)
                #expect(list.row(of: target.pid) != nil, "\(list)")
                for way in Way.allCases {
                    let run = try run(["\(target.pid)"] + way.options, in: directory, error: error)
                    run.expect(exit: 0)
                    try Heapdump.run(["check", run.path]).expect(exit: 0)
                }
                #expect(directory.contents.count == Way.allCases.count)
            }
            try target.expectBackToNormal()
        }
    }

    @Test(arguments: Node.supported)
    func dumpsBySignal(node: Node) throws {
        try DumpingTarget.with(node, "idle-server.js") { target, _ in
            try TemporaryDirectory.with { directory in
                let run = try run(["\(target.pid)", "-m", "signal"], in: directory)
                run.expect(exit: 0)
                try Heapdump.run(["check", run.path]).expect(exit: 0)
            }
            try target.expectToServe()
        }
    }

    /// The process itself is where the calls are missing.
    @Test(arguments: Node.supported)
    func dumpsWhereTheProcessHasNone(node: Node) throws {
        try Target.with("idle-server.js", node, launcher: Self.launcher) { target in
            try TemporaryDirectory.with { directory in
                for way in Way.allCases {
                    let run = try run(["\(target.pid)"] + way.options, in: directory)
                    run.expect(exit: 0)
                }
            }
            try target.expectBackToNormal()
        }
    }

    @Test func noticesTheEndOfTheProcess() throws {
        try Target.with("big-heap-server.js", .v24, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with(.inspector, of: target, in: directory, launcher: Self.launcher) { heapdump in
                    target.child.send(SIGKILL)
                    let run = try heapdump.finish()
                    run.expect(exit: 68)
                    run.expect(saying: "died")
                }
                #expect(directory.contents.isEmpty)
                try eventually("the guardian has ended") { Guardian.pids(watching: target.pid).isEmpty }
            }
        }
    }

    @Test(arguments: Way.allCases)
    func leavesNothingBehindWhenItIsKilled(way: Way) throws {
        try Target.with("big-heap-server.js", .v24, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with(way, of: target, in: directory, launcher: Self.launcher) { heapdump in
                    heapdump.send(SIGKILL)
                    _ = try heapdump.finish()
                }
                #expect(directory.contents.isEmpty)
                try target.awaitBackToNormal()
                try target.expectToServe()
            }
        }
    }

    @Test func saysWhatIsNotThere() throws {
        try TemporaryDirectory.with { directory in
            try run(["999999999"], in: directory).expect(exit: 66)
            // A thread of this process's.
            let thread = try #require(
                try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").first { $0 != "\(getpid())" })
            let run = try run([thread], in: directory)
            run.expect(saying: "thread", "\(getpid())")
            #expect(directory.contents.isEmpty)
        }
    }

    /// Whether it may be written into is asked in another way.
    @Test func namesTheDirectoryThatMayNotBeWritten() throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        try TemporaryDirectory.with { place in
            chmod(place.path, 0o755)
            let options = ["--heapsnapshot-signal=SIGUSR2", "--diagnostic-dir=\(place.path)"]
            let server = [try Node.v24.path()] + options + ["\(Package.targets)/idle-server.js"]
            try Target.with(Command(server, user: .nobody)) { target in
                let run = try run(["\(target.pid)", "-m", "signal"], in: place)
                run.expect(exit: 69)
                run.expect(saying: "cannot write to \(place.path): Permission denied")
                try target.expectToServe()
            }
        }
    }
}
