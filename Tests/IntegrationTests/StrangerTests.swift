import Foundation
import Testing

/// While the debug port is open, anybody on the host can connect to it: heapdump says who did.
struct StrangerTests {
    /// Connects as soon as it can, again and again, and tells of its first success.
    private static let spy = """
        const [port, end] = process.argv.slice(1);
        const attempt = () => {
          const spy = require('net').connect(port, '127.0.0.1');
          spy.on('error', () => setImmediate(attempt));
          spy.on('connect', () => {
            console.log('connected');
            spy.removeAllListeners('error').on('error', () => {});
            if (end === 'resets') spy.resetAndDestroy();
          });
        };
        console.log('ready');
        attempt();
        process.stdin.on('end', () => process.exit()).resume();
        """

    private static func spy(on port: Int, _ end: String) throws -> [String] {
        let node = try Node.v24.path()
        try Requirement.isReadableByAll(node)
        return Command.User.nobody.launcher + [node, "-e", spy, "\(port)", end]
    }

    private static func freePort() throws -> Int {
        let run = try Command([
            "python3", "-c", "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])",
        ]).run()
        return try #require(Int(run.path), "\(run)")
    }

    @Test(arguments: Dumping.all, ["stays", "resets"])
    func somebodyWhoConnectsIsNamed(dumping: Dumping, end: String) throws {
        try Requirement.root()
        let port = try Self.freePort()
        // In one of them the port is not where the command line would have it.
        let options = ["--inspect-port=\(port)"] + (end == "resets" ? ["--title=app"] : [])
        try Target.with("idle-server.js", dumping.node, options: options) { target in
            try Command(Self.spy(on: port, end), in: "/tmp").withChild { spy in
                try eventually("the spy is there: \(spy.stderr.text)") { spy.stdout.text.hasPrefix("ready") }
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "--json"] + dumping.way.options, in: directory)
                    #expect(spy.stdout.text.contains("connected"))
                    run.expect(exit: 76)
                    run.expect(saying: "somebody else connected to the debug port")
                    let report = try run.json()
                    let strangers = try #require(report["debug_port_strangers"] as? [[String: Any]])
                    #expect(strangers.count == 1, "\(strangers)")
                    #expect(report["exit_code"] as? Int == 76)
                    #expect(report["debug_port_left_open"] as? Bool == false)
                    if end == "stays" {
                        #expect(strangers.first?["uid"] as? Int == 65534, "\(strangers)")
                        #expect(strangers.first?["pid"] as? Int == Int(spy.pid), "\(strangers)")
                        run.expect(saying: "uid 65534", "process \(spy.pid)")
                    }
                    // The snapshot is kept.
                    try Heapdump.run(["check", try #require(report["file"] as? String)]).expect(exit: 0)
                }
            }
            try target.awaitBackToNormal()
        }
    }

    /// In a network namespace of the target's own, too; and heapdump's own connections are nobody's.
    /// Whether the command line shows the port or a title hides it.
    @Test(arguments: [true, false], [[], ["--title=app"]])
    func nobodyIsSeenWhereNobodyWas(hasOwnNetwork: Bool, options: [String]) throws {
        if hasOwnNetwork { try Requirement.root() }
        let launcher = hasOwnNetwork ? Namespaces.network.launcher : []
        let options = ["--inspect-port=0"] + options
        try Target.with("idle-server.js", .v26, options: options, launcher: launcher) { target in
            // Twice: the connections of the first dump show for a minute.
            for way in Way.allCases + Way.allCases {
                let run = try Heapdump.run(["\(target.pid)", "--json"] + way.options)
                run.expect(exit: 0)
                #expect(try run.json()["debug_port_strangers"] == nil)
            }
        }
    }

    @Test func somebodyInTheNetworkOfAContainerIsNamed() throws {
        try Requirement.root()
        let port = 9229
        let launcher = Namespaces.network.launcher
        try Target.with("idle-server.js", .v26, options: [], launcher: launcher) { target in
            let enter = ["nsenter", "--target", "\(target.pid)", "--net"]
            try Command(enter + Self.spy(on: port, "stays"), in: "/tmp").withChild { spy in
                try eventually("the spy is there: \(spy.stderr.text)") { spy.stdout.text.hasPrefix("ready") }
                let run = try Heapdump.run(["\(target.pid)", "--json", "-m", "fork"])
                run.expect(exit: 76)
                let strangers = try #require(try run.json()["debug_port_strangers"] as? [[String: Any]])
                #expect(strangers.map { $0["uid"] as? Int } == [65534], "\(strangers)")
            }
        }
    }
}
