import Testing

/// Node opens its inspector in the middle of JavaScript, where that is running: heapdump waits until it is not.
struct RestTests {
    /// Half of its time it is in the middle of a function. Where the machine is busy, the thread that Node has for this may be late.
    @Test(arguments: Node.supported)
    func opensTheInspectorWhileTheProgramSleeps(node: Node) throws {
        try Target.with("works-in-bursts.js", node, arguments: ["200", "200"]) { target in
            try TemporaryDirectory.with { directory in
                for _ in 0..<10 {
                    try Heapdump.run(["\(target.pid)", "-o", "x.heapsnapshot", "--overwrite"], in: directory)
                        .expect(exit: 0)
                }
            }
            let told = try target.get("/interrupted")
            let counts = try #require(told.wholeMatch(of: #/(\d+) of (\d+)\s*/#), "\(told)")
            #expect(try #require(Int(counts.1)) <= 3)
            // Node may tell of it a second time, in the event loop.
            #expect(try #require(Int(counts.2)) >= 10)
            try target.expectBackToNormal()
        }
    }

    /// Later ones do not end by it, and need not wait.
    @Test(arguments: Node.supported(from: .v20))
    func dumpsALaterNodeThatNeverRests(node: Node) throws {
        try withOneThatNeverRests(node) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--json"], in: directory)
                run.expect(exit: 0)
                let times = try #require(try run.json()["milliseconds"] as? [String: Double])
                #expect(times["opening_inspector"] ?? .infinity < 9000)
            }
        }
    }

    /// Node 18 might end: an event of `process` takes away what its async_hooks have half put down.
    @Test func sendsNothingToANode18ThatNeverRests() throws {
        try withOneThatNeverRests(.v18) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--json"], in: directory)
                run.expect(exit: 69)
                run.expect(saying: "has too much to do to wait even once")
                #expect(!target.wasSignalled)
                #expect(directory.contents.isEmpty)
            }
            try eventually("no guardian is left") { Guardian.pids(watching: target.pid).isEmpty }
            #expect(try target.get("/interrupted").hasPrefix("0 of 0"))
        }
    }

    /// With more threads it waits for them at times, while they collect garbage and compile.
    private func withOneThatNeverRests(_ node: Node, _ body: (Target) throws -> Void) throws {
        let program = ["--single-threaded", "--inspect-port=0", "\(Package.targets)/works-in-bursts.js", "5", "0"]
        try Target.with(Command([try node.path()] + program), body)
    }
}
