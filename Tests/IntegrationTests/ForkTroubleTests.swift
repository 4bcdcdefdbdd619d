import Foundation
import Testing

/// What may happen to a forked copy, and what must not happen to the process then.
struct ForkTroubleTests {
    /// Runs `body` while a copy works on a heap that takes V8 a while.
    private func withCopy(
        _ options: [String] = [], node: Node = .v24, heap: String = "50",
        _ body: (Target, Child, pid_t, TemporaryDirectory) throws -> Void
    ) throws {
        try Target.with("counts-event-loop-gaps.js", node, arguments: [heap]) { target in
            let before = Holdings(of: target.pid)
            try TemporaryDirectory.with { directory in
                try Heapdump.command(["\(target.pid)", "-m", "fork", "-v"] + options, in: directory.path)
                    .withChild { heapdump in
                        let copy = try target.awaitCopy()
                        try body(target, heapdump, copy, directory)
                    }
            }
            try eventually("process \(target.pid) holds what it held: \(before), now \(Holdings(of: target.pid))") {
                Holdings(of: target.pid) == before
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    private func expect(
        _ heapdump: Child, toEnd ending: Ending, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try eventually("the end of heapdump: \(heapdump.stderr.text)") { heapdump.poll() != nil }
        #expect(heapdump.poll() == ending, "\(heapdump.stderr.text)", sourceLocation: sourceLocation)
    }

    /// Processors and disks are the process's first.
    @Test(arguments: [([], 5), (["--nice", "12"], 12), (["--nice", "0"], 0)] as [([String], Int)])
    func theCopyGivesWay(options: [String], niceness: Int) throws {
        try withCopy(options) { target, heapdump, copy, _ in
            try eventually("the copy has niceness \(niceness) and the idle I/O class: \(heapdump.stderr.text)") {
                self.niceness(of: copy) == niceness && ioClass(of: copy) == "idle"
            }
            #expect(self.niceness(of: target.pid) == 0)
            #expect(ioClass(of: target.pid) != "idle")
            try expect(heapdump, toEnd: .exited(0))
        }
    }

    private func niceness(of pid: pid_t) -> Int? {
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        // The 19th field; the second one ends with the last parenthesis.
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        return fields.count > 17 ? Int(fields[17]) : nil
    }

    private func ioClass(of pid: pid_t) -> String? {
        let said = try? Command(["ionice", "-p", "\(pid)"]).run().stdout
        return said?.split(whereSeparator: { $0 == ":" || $0 == "\n" }).first.map(String.init)
    }

    @Test func aCopyThatStandsStillIsGivenUp() throws {
        try withCopy(["--stall-timeout", "1"]) { _, heapdump, copy, directory in
            kill(copy, SIGSTOP)
            try expect(heapdump, toEnd: .exited(75))
            #expect(heapdump.stderr.text.contains("stopped or blocked"), "\(heapdump.stderr.text)")
            #expect(directory.contents.isEmpty)
        }
    }

    @Test(arguments: [SIGTERM])
    func aSignalToHeapdumpEndsTheCopy(signal: Int32) throws {
        try withCopy { _, heapdump, _, directory in
            heapdump.send(signal)
            try expect(heapdump, toEnd: .exited(128 + signal))
            #expect(!heapdump.stderr.text.contains("may stay busy"), "\(heapdump.stderr.text)")
            #expect(directory.contents.isEmpty)
        }
    }

    @Test func aTimeoutEndsTheCopy() throws {
        try withCopy(["--timeout", "1.5"], heap: "80") { _, heapdump, _, directory in
            try expect(heapdump, toEnd: .exited(75))
            #expect(!heapdump.stderr.text.contains("may stay busy"), "\(heapdump.stderr.text)")
            #expect(directory.contents.isEmpty)
        }
    }

    @Test(arguments: Node.supported)
    func aKilledHeapdumpTakesTheCopyWithIt(node: Node) throws {
        try withCopy(node: node) { target, heapdump, _, _ in
            heapdump.send(SIGKILL)
            try expect(heapdump, toEnd: .signalled(SIGKILL))
            try eventually("the end of the copy of \(target.pid)") { ForkedCopies.pids(of: target.pid).isEmpty }
        }
    }

    @Test func aSecondHeapdumpWaitsForItsTurn() throws {
        try withCopy { target, first, _, _ in
            let second = try Heapdump.run(["\(target.pid)"])
            second.expect(exit: 0)
            second.expect(saying: "waiting for another heapdump")
            try expect(first, toEnd: .exited(0))
        }
    }

    /// A listening socket that a copy held would keep a restarted service from its port.
    @Test func theCopyHoldsNoneOfTheProcesssDescriptors() throws {
        try withCopy { target, heapdump, copy, _ in
            try eventually("the word to begin") { heapdump.stderr.text.contains("JavaScript paused for") }
            let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(copy)/fd").compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(copy)/fd/\($0)")
            }
            #expect(
                !links.isEmpty && !links.contains { $0.hasPrefix("socket:") || $0.contains("eventpoll") }, "\(links)")
            #expect(!Listener.held(by: copy).contains { $0.port == target.port })
            // heapdump sets it from outside.
            try eventually("the copy writes no core") {
                let limits = try String(contentsOfFile: "/proc/\(copy)/limits", encoding: .utf8)
                let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
                return core?.split(separator: " ").dropFirst(4).first == "1"
            }
            let score = try String(contentsOfFile: "/proc/\(copy)/oom_score_adj", encoding: .utf8)
            #expect(score == "1000\n")
        }
    }

    @Test func aCopyIsNotListedAsAProcess() throws {
        try withCopy { target, _, copy, _ in
            let list = try Heapdump.run(["list", "--json"])
            let pids = list.stdout.split(separator: "\n").compactMap { line in
                (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["pid"] as? Int
            }
            #expect(pids.contains(Int(target.pid)) && !pids.contains(Int(copy)), "\(pids)")
        }
    }

    /// What ended the copies for lack of memory would end the process.
    @Test(arguments: Node.one)
    func nothingIsTriedInAProcessWhoseCopiesCrash(node: Node) throws {
        try Target.with("big-heap-server.js", node, arguments: ["30"]) { target in
            try TemporaryDirectory.with { directory in
                try Heapdump.command(["\(target.pid)"], in: directory.path).withChild { heapdump in
                    // Each of them, as it appears.
                    try eventually("the end of heapdump: \(heapdump.stderr.text)") {
                        target.copies.forEach { kill($0, SIGSEGV) }
                        return heapdump.poll() != nil
                    }
                    let said = heapdump.stderr.text
                    #expect(heapdump.poll() == .exited(71), "\(said)")
                    #expect(said.contains("crashed") && said.contains("the process itself goes on"), "\(said)")
                    #expect(!said.contains("next method"), "\(said)")
                }
                #expect(directory.contents.isEmpty)
            }
            try target.expectBackToNormal()
        }
    }
}
