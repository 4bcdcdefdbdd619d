import Foundation
import Testing

/// A core file of heapdump's would hold what it has read of a process, also where the kernel pipes it to a program (core(5)).
struct CoreFileTests {
    /// Starts heapdump with a pipe that nobody reads, and shows its limits while it waits for room in it.
    private static let limits = """
        import fcntl, subprocess, sys
        heapdump = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, bufsize=0)
        fcntl.fcntl(heapdump.stdout, 1031, 4096) # F_SETPIPE_SZ
        heapdump.stdout.read(1)
        print(open(f"/proc/{heapdump.pid}/limits").read())
        heapdump.stdout.read()
        sys.exit(heapdump.wait())
        """

    @Test(arguments: ["take", "summary", "check"])
    func noneIsMade(command: String) throws {
        try Target.with("idle-server.js", .v24) { target in
            try TemporaryDirectory.with { directory in
                let snapshot = directory("a.heapsnapshot")
                let take = ["\(target.pid)", "-o", command == "take" ? "-" : snapshot]
                var row = [Heapdump.binary] + take
                if command != "take" {
                    try Heapdump.run(take).expect(exit: 0)
                    // Enough of it to fill a pipe.
                    let files = Array(repeating: snapshot, count: command == "check" ? 100 : 1)
                    row = [Heapdump.binary, command] + files + (command == "summary" ? ["--json", "--all"] : [])
                }
                let run = try Command(["python3", "-c", Self.limits] + row).run()
                run.expect(exit: 0)
                let limit = try #require(run.stdout.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
                #expect(limit.split(separator: " ").dropFirst(4) == ["1", "1", "bytes"], "\(limit)")
            }
        }
    }
}
