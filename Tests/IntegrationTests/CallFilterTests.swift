import Foundation
import Testing

/// Processes whose system call filter (seccomp) ends who calls what Node never calls.
struct CallFilterTests {
    /// What a copy, and the thread that awaits its end, would call without a filter, but for what Node calls itself; what systemd
    /// knows as @resources; and what a filter that is older than the call does not know.
    private static let calls = [
        "getpriority", "setpriority", "ioprio_get", "ioprio_set", "sched_setscheduler",
        "sched_setparam",
        "sched_setattr", "setrlimit", "setitimer", "setsid", "msync", "waitid", "pidfd_open",
    ]

    private static func launcher(_ calls: [String]) -> [String] {
        ["python3", "\(Package.root)/Tests/Launchers/filtered-calls.py", "kill", calls.joined(separator: ",")]
    }

    /// What the copy cannot do itself is done from outside.
    @Test(arguments: Node.supported)
    func aCopyMakesNoCallThatNodeDoesNotMake(node: Node) throws {
        let launcher = Self.launcher(Self.calls)
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap], launcher: launcher) { target in
            let before = Holdings(of: target.pid)
            try TemporaryDirectory.with { directory in
                try Heapdump.command(["\(target.pid)", "-m", "fork"], in: directory.path).withChild { heapdump in
                    let copy = try target.awaitCopy()
                    try eventually("the copy gives way: \(heapdump.stderr.text)") {
                        niceness(of: copy) == 5 && limit("Max core file size", of: copy) == "1"
                            && limit("Max file size", of: copy) == "0"
                            && limit("Max data size", of: copy) != "unlimited"
                    }
                    try eventually("the end of heapdump: \(heapdump.stderr.text)") { heapdump.poll() != nil }
                    #expect(heapdump.poll() == .exited(0), "\(heapdump.stderr.text)")
                }
                #expect(directory.snapshots.count == 1)
            }
            #expect(niceness(of: target.pid) == 0)
            try eventually("process \(target.pid) holds what it held") { Holdings(of: target.pid) == before }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    /// A filter that knows no mercy with the copy: its end is named, and the other way is taken.
    @Test(arguments: Node.supported)
    func theInspectorFollowsWhereAFilterEndsTheCopies(node: Node) throws {
        try Target.with("idle-server.js", node, launcher: Self.launcher(["dup3"])) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--json"], in: directory)
                run.expect(exit: 0)
                let report = try run.json()
                #expect(report["method"] as? String == "inspector")
                let failed = try #require(report["failed_methods"] as? [[String: String]])
                #expect(failed.first?["reason"]?.contains("system call filter (SIGSYS") == true, "\(failed)")
                #expect(report["forks"] as? Int == 1, "another copy would end in the same way: \(report)")
                #expect(directory.snapshots.count == 1)
            }
            try target.expectBackToNormal()
        }
    }

    private func niceness(of pid: pid_t) -> Int? {
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        // The 19th field; the second one ends with the last parenthesis.
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        return fields.count > 17 ? Int(fields[17]) : nil
    }

    /// The soft one.
    private func limit(_ name: String, of pid: pid_t) -> Substring? {
        let limits = (try? String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)) ?? ""
        return limits.split(separator: "\n").first { $0.hasPrefix(name) }?
            .dropFirst(name.count).split(separator: " ").first
    }
}
