import Foundation
import Testing

/// SIGUSR2 for a process that has loaded the add-on.
struct AddonSignalTests {
    @Test(arguments: Node.supported)
    func dumpsOnTheSignal(node: Node) throws {
        try Addon.withServer(node, 210) { target, its in
            kill(target.pid, SIGUSR2)
            try expectSnapshot(of: target, in: its, holds: 210)
            try target.expectToServe()
        }
    }

    @Test(arguments: Node.supported)
    func isLoadedByTheEnvironment(node: Node) throws {
        let environment = try ["NODE_OPTIONS": "-r \(Addon.path())"]
        try DumpingTarget.with(
            node, "leaks-named-class.js", options: ["--inspect-port=0"], arguments: ["211"], environment: environment
        ) { target, its in
            kill(target.pid, SIGUSR2)
            try expectSnapshot(of: target, in: its, holds: 211)
        }
    }

    @Test(arguments: Node.supported)
    func leavesTheSignalAloneWhereItIsOff(node: Node) throws {
        let environment = ["NODE_HEAPDUMP_OPTIONS": "nosignal, strange"]
        try Addon.withServer(node, 1, environment: environment) { target, its in
            #expect(target.child.stderr.text == "node-heapdump: unrecognized option: strange\n")
            kill(target.pid, SIGUSR2)
            let ending = try target.child.finish().ending
            #expect(ending == .signalled(SIGUSR2))
            #expect(its.contents.isEmpty)
        }
    }

    /// Neither the listener nor anything else of it.
    @Test(arguments: Node.supported)
    func keepsNoProgramAlive(node: Node) throws {
        let run = try Command([node.path(), "-r", Addon.path(), "-e", "0"]).run()
        run.expect(exit: 0)
        #expect(run.stderr.isEmpty, "\(run)")
    }

    @Test(arguments: Node.supported)
    func saysWhyThereIsNoSnapshot(node: Node) throws {
        try FileSystem.with("size=1m") { disk in
            let options = try ["--inspect-port=0", "-r", Addon.path()]
            try DumpingTarget.with(node, "leaks-named-class.js", in: disk, options: options) { target in
                kill(target.pid, SIGUSR2)
                try eventually("word of it: \(target.child.stderr.text)") {
                    target.child.stderr.text.contains("no snapshot on SIGUSR2: Error: heapdump write error ENOSPC")
                }
                #expect(disk.contents.isEmpty)
                try target.expectToServe()
            }
        }
    }

    /// heapdump knows the add-on, and takes what it writes.
    @Test(arguments: Node.supported)
    func servesHeapdump(node: Node) throws {
        try Addon.withServer(node, 213) { target, its in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal", "-v"], in: directory)
                run.expect(exit: 0)
                try run.expect(saying: Addon.path(), "SIGUSR2")
                try Addon.expect(run.path, holds: 213, of: "LeakedSession")
            }
            #expect(its.contents.isEmpty)
            try target.expectUntouched()
        }
    }

    /// The main thread is idle while the fork works: that is no standing still.
    @Test func isFollowedWhileItsForkWorks() throws {
        try Addon.withServer(.v20, 150_000) { target, _ in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal", "--stall-timeout", "2"], in: directory)
                run.expect(exit: 0)
                try Addon.expect(run.path, holds: 150_000, of: "LeakedSession")
            }
        }
    }

    private func expectSnapshot(of target: Target, in directory: TemporaryDirectory, holds count: Int) throws {
        try eventually("one snapshot of \(target.pid) in \(directory.contents)") {
            // Whole: there is a file, and nobody has it open any more.
            guard let name = directory.snapshots.first else { return false }
            let users = try Command(["sh", "-c", "ls -l /proc/[0-9]*/fd 2>/dev/null"]).run().stdout
            return !users.contains(name)
        }
        #expect(directory.contents.count == 1)
        let name = try #require(directory.snapshots.first)
        #expect(name.wholeMatch(of: /heapdump-[0-9]+\.[0-9]{6}\.heapsnapshot/) != nil)
        try Addon.expect(directory(name), holds: count, of: "LeakedSession")
    }
}
