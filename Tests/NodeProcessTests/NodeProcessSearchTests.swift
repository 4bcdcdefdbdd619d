import Glibc
import Linux
import SystemPackage
import Testing

@testable import NodeProcess

@Suite(.enabled(if: TestNode.isAvailable, Comment(rawValue: TestNode.skipReason)))
struct NodeProcessSearchTests {
    @Test func findsNodeAndNothingElse() throws {
        try Child.withNode { node, _ in
            try Child.with(["sleep", "60"]) { sleep in
                let found = try NodeProcessSearch { $0.pid }.found
                #expect(found.contains(node.pid))
                #expect(!found.contains(sleep.pid))
                #expect(!found.contains(getpid()))
                #expect(found == found.sorted())
            }
        }
    }

    @Test func leavesOutWhatHasEnded() throws {
        try Child.withNode { node, _ in
            node.kill()
            let hasEnded = try eventually { try ProcessStat.read(node.pid).isEnded }
            #expect(hasEnded)
            #expect(try !NodeProcessSearch { $0.pid }.found.contains(node.pid))
        }
    }

    @Test func aProcessThatEndsMeanwhileIsLeftOut() throws {
        try Child.withNode { node, _ in
            let search = try NodeProcessSearch { [pid = node.pid] (target: TargetProcess) throws(ProcessError) in
                if target.pid == pid { throw .exited(pid: target.pid) }
                return target.pid
            }
            #expect(!search.found.contains(node.pid))
            #expect(!search.refused.contains { $0.pid == node.pid })
        }
    }

    /// Reading the version out of an executable of a hundred megabytes is what takes time.
    @Test func readsAnExecutableOnce() throws {
        let directory = try TemporaryDirectory()
        let copy = directory.path + "/copy"
        let node = try #require(TestNode.path)
        let code = try Child.with(["cp", "-L", node, copy]) { $0.reap() }
        try #require(code == 0)
        let cache = NodeImageCache()
        func version() throws -> NodeVersion? {
            guard case .node(let version)? = try cache.role(of: Descriptor(opening: copy), ProcFile(getpid(), "exe"))
            else {
                return nil
            }
            return version.number
        }
        let first = try #require(try version())
        #expect(try version() == first)
        #expect(cache.misses == 1)
        // The same place and another file.
        var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
        try #require(utimensat(AT_FDCWD, copy, &times, 0) == 0)
        #expect(try version() == first)
        #expect(cache.misses == 2)
        // What is not Node is remembered too.
        for _ in 0..<3 {
            #expect(try cache.role(of: Descriptor(opening: "/bin/sh"), ProcFile(getpid(), "exe")) == nil)
        }
        #expect(cache.misses == 3)
    }

    @Test func manyProcessesOfOneExecutable() throws {
        try Child.withNode { _, _ in
            try Child.withNode { _, _ in
                try Child.withNode { _, _ in
                    let search = try NodeProcessSearch { try? ProcFile($0.pid, "exe").identity() }
                    #expect(search.found.count >= 3)
                    let others = try ProcessCount.running() - search.found.count
                    let executables = search.found.reduce(into: [FileIdentity?]()) {
                        if !$0.contains($1) { $0.append($1) }
                    }
                    #expect(search.imagesRead <= executables.count + others)
                }
            }
        }
    }

    @Test func threads() throws {
        try Child.withNode { child, _ in
            let threads = ThreadSummary.all(of: child.pid)
            #expect(threads.count > 3)
            #expect(threads.first?.id == child.pid)
            #expect(Set(threads.map(\.id)).count == threads.count)
            #expect(threads.allSatisfy { "RSDT".contains($0.state) && !$0.name.isEmpty })
            // Some milliseconds of it are none to a clock of 10 ms, and other threads are there before that.
            #expect(eventually { ThreadSummary.all(of: child.pid).first.map { $0.cpuTime > .zero } ?? false })
        }
        #expect(ThreadSummary.all(of: 0).isEmpty)
    }

    @Test func uptime() throws {
        try Child.withNode { child, _ in
            let target = try TargetProcess.read(ProcessHandle(pid: child.pid))
            #expect(target.uptime > .zero)
            #expect(target.uptime < .seconds(120))
        }
    }
}

private enum ProcessCount {
    static func running() throws -> Int {
        let directory = try Directory("/proc")
        var count = 0
        while directory.nextNumber() != nil { count += 1 }
        return count
    }
}
