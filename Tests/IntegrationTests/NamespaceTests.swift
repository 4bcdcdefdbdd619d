import Foundation
import Testing

/// Targets in namespaces of their own, as containers have them, and heapdump outside.
struct NamespaceTests {
    private struct Case: CustomStringConvertible {
        let namespaces: Namespaces
        let dumping: Dumping

        var description: String { "\(namespaces), \(dumping)" }

        /// Each kind by each way, on releases that take turns.
        static let all = Namespaces.allCases.enumerated().flatMap { index, namespaces in
            Way.allCases.map { way in
                let node = Node.each[(index + (way == .fork ? 0 : 2)) % Node.each.count]
                return Case(namespaces: namespaces, dumping: Dumping(node: node, way: way))
            }
        }
    }

    /// The snapshot lands where the operator stands, and is the operator's own.
    @Test(arguments: Case.all)
    private func rootDumpsAProcessOfAContainer(_ test: Case) throws {
        try Requirement.root()
        try Target.with("idle-server.js", test.dumping.node, launcher: test.namespaces.launcher) { target in
            let pid = test.namespaces.hasOwnPids ? try target.child.pidOfReadyChild() : target.pid
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(pid)"] + test.dumping.way.options, in: directory)
                run.expect(exit: 0)
                let name = try #require(directory.snapshots.first)
                #expect(run.path == directory(name))
                let attributes = try FileManager.default.attributesOfItem(atPath: run.path)
                #expect(attributes[.ownerAccountID] as? Int == Int(geteuid()))
                #expect(attributes[.posixPermissions] as? Int == 0o600)
                try Heapdump.run(["check", name], in: directory).expect(exit: 0)
            }
            try expectLeftInPeace(target, pid)
        }
    }

    /// Whoever it belongs to.
    @Test(arguments: Dumping.all)
    func rootDumpsAnotherUsersProcessOfAContainer(dumping: Dumping) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(dumping.node.path())
        let user = ["setpriv", "--reuid=1234", "--regid=4321", "--clear-groups"]
        let launcher = Namespaces.pid.launcher + user
        try Target.with("idle-server.js", dumping.node, launcher: launcher) { target in
            let pid = try target.child.pidOfReadyChild()
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(pid)"] + dumping.way.options, in: directory)
                run.expect(exit: 0)
                let attributes = try FileManager.default.attributesOfItem(atPath: run.path)
                #expect(attributes[.ownerAccountID] as? Int == Int(geteuid()))
            }
            try expectLeftInPeace(target, pid)
        }
    }

    /// A container without root: who made its user namespace may do all in it.
    @Test(arguments: Dumping.all)
    func aUserDumpsAProcessOfAContainerOfOnesOwn(dumping: Dumping) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        let launcher = Namespaces.all.launcher
        guard try Command(launcher + ["true"], user: .nobody).run().ending == .exited(0) else {
            try Test.cancel("users may not make user namespaces here")
        }
        try Target.with("idle-server.js", dumping.node, launcher: launcher, user: .nobody) { target in
            let pid = try target.child.pidOfReadyChild()
            try TemporaryDirectory.with { directory in
                chown(directory.path, 65534, 65534)
                let arguments = ["\(pid)", "-o", "a.heapsnapshot"] + dumping.way.options
                try Heapdump.run(arguments, in: directory, user: .nobody).expect(exit: 0)
                let attributes = try FileManager.default.attributesOfItem(atPath: directory("a.heapsnapshot"))
                #expect(attributes[.ownerAccountID] as? Int == 65534)
            }
            try expectLeftInPeace(target, pid)
        }
    }

    /// Its inspector could be opened, and neither used nor closed again.
    @Test(arguments: Dumping.all)
    func opensNoInspectorThatItCannotReach(dumping: Dumping) throws {
        try Requirement.root()
        try Target.with("idle-server.js", dumping.node, launcher: Namespaces.network.launcher) { target in
            try TemporaryDirectory.with { directory in
                let withoutCapability = ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]
                let arguments = withoutCapability + [Heapdump.binary, "\(target.pid)"] + dumping.way.options
                let run = try Command(arguments, in: directory.path).run()
                run.expect(exit: 69)
                run.expect(saying: "CAP_SYS_ADMIN", "--network=container:NAME", "SIGUSR1 was not sent")
                #expect(directory.contents.isEmpty)
            }
            #expect(!target.wasSignalled, "\(target.child.stderr.text)")
            try expectLeftInPeace(target, target.pid)
        }
    }

    /// It never was up, or is no longer. Any other address of the namespace is out of reach then too.
    @Test(arguments: Dumping.all, [("true", "127.0.0.1:0"), ("ip link set lo up && ip link set lo down", "0.0.0.0:0")])
    func saysThatThereIsNoLoopback(dumping: Dumping, network: (setUp: String, inspector: String)) throws {
        try Requirement.root()
        let launcher = ["unshare", "--net", "sh", "-c", "\(network.setUp) && exec \"$@\"", "sh"]
        let options = ["--inspect-port=\(network.inspector)"]
        try Target.with("idle-server.js", dumping.node, options: options, launcher: launcher) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)"] + dumping.way.options, in: directory)
                run.expect(exit: 69)
                let remedy = ["nsenter", "-n", "-t", "\(target.pid)", "ip", "link", "set", "lo", "up"]
                run.expect(saying: remedy.joined(separator: " "), "SIGUSR1 was", "not sent")
                #expect(!target.wasSignalled, "\(target.child.stderr.text)")
                // What it says helps.
                #expect(try Command(remedy).run().ending == .exited(0))
                try Heapdump.run(["\(target.pid)"] + dumping.way.options, in: directory).expect(exit: 0)
            }
            try expectLeftInPeace(target, target.pid)
        }
    }

    private func expectLeftInPeace(_ target: Target, _ pid: pid_t) throws {
        #expect(try target.get(inNetworkOf: pid) == "ok 1")
        #expect(Listener.held(by: pid).filter { $0.port != target.port }.isEmpty)
        #expect(ForkedCopies.pids(of: pid).isEmpty)
        try Guardian.awaitEnd(watching: pid)
        #expect(target.child.poll() == nil)
    }
}
