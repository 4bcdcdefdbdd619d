import Foundation
import Testing

/// Memory runs out where heapdump itself runs: it goes before its guardian, and nothing is left.
struct OutOfMemoryTests {
    /// In each process of a run, the second one too.
    @Test func theGuardianIsNotTheFirstToGo() throws {
        try Target.with("idle-server.js", .v24) { first in
            try Target.with("big-heap-server.js", .v24, arguments: [MidDump.largeHeap]) { second in
                try TemporaryDirectory.with { directory in
                    let arguments = ["\(first.pid)", "\(second.pid)", "-v"] + Way.inspector.options
                    try Heapdump.command(arguments, in: directory.path).withChild { heapdump in
                        try eventually("the second dump: \(heapdump.stderr.text)") {
                            heapdump.stderr.text.contains("process \(second.pid): JavaScript will stand still")
                        }
                        let guardian = try #require(Guardian.pids(watching: second.pid).first)
                        let score = { (pid: pid_t) in
                            try String(contentsOfFile: "/proc/\(pid)/oom_score_adj", encoding: .utf8)
                        }
                        #expect(try score(heapdump.pid) == "500\n")
                        // Lower than the tests' where that is allowed.
                        #expect(["-500\n", try score(getpid())].contains(try score(guardian)))
                        try heapdump.finish().expect(exit: 0)
                    }
                }
            }
        }
    }

    /// Memory runs out where heapdump itself runs: the kernel chooses it before its guardian, which closes the inspector.
    @Test(arguments: ["big-heap-server.js", "spinning.js"], Way.allCases)
    func whenHeapdumpItselfIsKilledForMemoryNothingIsLeft(program: String, way: Way) throws {
        // Takes what there is, which is less than makes it the largest, and gives it back once the other one is gone.
        let hog = """
            import os, sys
            taken = []
            try:
                while os.readlink(f"/proc/{sys.argv[1]}/exe"): taken.append(b"x" * (256 << 10))
            except FileNotFoundError:
                pass
            """
        try Target.with(program, .v22, arguments: [MidDump.largeHeap]) { target in
            try LimitedGroup.with { group in
                try TemporaryDirectory.with { directory in
                    try MidDump.with(way, of: target, in: directory, launcher: group.launcher) { heapdump in
                        heapdump.send(SIGSTOP)
                        try group.limitMemory(to: group.usage + (12 << 20))
                        try Command(group.launcher + ["python3", "-c", hog, "\(heapdump.pid)"]).withChild { hog in
                            #expect(try heapdump.finish().ending == .signalled(SIGKILL))
                            _ = try hog.finish()
                        }
                    }
                    #expect(group.kills >= 1)
                    #expect(directory.contents.isEmpty)
                }
            }
            if program == "spinning.js" {
                try target.awaitBackToSpinning()
            } else {
                try target.awaitBackToNormal()
                try target.expectToServe()
            }
        }
    }
}
