import Foundation
import Testing

/// heapdump in a container beside the target's, with the same processes in view and other files: shareProcessNamespace,
/// an ephemeral debug container, `docker run --pid=container:NAME`.
struct SidecarTests {
    /// What Docker leaves root in a container.
    private static let capabilities = [
        "chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "net_bind_service",
        "net_raw",
        "sys_chroot", "mknod", "audit_write", "setfcap",
    ]

    private static let nobody = Command.User.nobody.launcher.joined(separator: " ")

    private static func limited(to capabilities: [String]) -> String {
        "setpriv --bounding-set=-all,\(capabilities.map { "+" + $0 }.joined(separator: ",")) --inh-caps=-all"
    }

    /// Both with a root of their own; the target's is read-only.
    private struct Pod {
        let namespace: PidNamespace
        let directory: TemporaryDirectory

        static func with<Result>(_ body: (Pod) throws -> Result) throws -> Result {
            try TemporaryDirectory.with { directory in
                chmod(directory.path, 0o755)
                return try PidNamespace.with { try body(Pod(namespace: $0, directory: directory)) }
            }
        }

        /// - Parameter wrapper: what it is started by inside of its container.
        func startTarget(_ node: Node, wrapper: String) throws -> (pid: pid_t, port: Int) {
            let root = directory("root")
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
            let script = """
                mount --rbind / \(root) && mount -o remount,bind,ro \(root) && mount -t proc proc \(root)/proc &&
                mount -t tmpfs tmpfs \(root)/dev/shm && exec chroot \(root) \(wrapper) \(try node.path()) --inspect-port=0 \
                \(Package.targets)/idle-server.js
                """
            let pid = try namespace.start("unshare --mount --cgroup sh -c '\(script)'", output: directory("target"))
            var port: Int?
            try eventually("the target: \(text("target.out")) \(text("target.err"))") {
                if !text("target.err").isEmpty { throw Failure("the target: \(text("target.err"))") }
                let story = text("target.out")
                guard story.hasPrefix("ready "), story.hasSuffix("\n") else { return false }
                port = story.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }.last
                return true
            }
            return (pid, try #require(port))
        }

        /// In a mount namespace that has a directory which nobody else sees.
        func runHeapdump(_ arguments: String, wrapper: String) throws -> Int32? {
            let own = directory("own")
            try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
            let script = """
                mount -t tmpfs tmpfs \(own) && cd \(own) && \(wrapper) \(Heapdump.binary) \(arguments) -o a.heapsnapshot &&
                \(Heapdump.binary) check a.heapsnapshot >&2 && stat -c %u:%a a.heapsnapshot >&2
                """
            let pid = try namespace.start("unshare --mount --cgroup sh -c '\(script)'", output: directory("heapdump"))
            return try namespace.wait(for: pid)
        }

        func text(_ name: String) -> String { (try? String(contentsOfFile: directory(name), encoding: .utf8)) ?? "" }
    }

    @Test(arguments: Dumping.all)
    func dumpsTheNeighbour(dumping: Dumping) throws {
        try Pod.with { pod in
            let asInDocker = Self.limited(to: Self.capabilities)
            let target = try pod.startTarget(dumping.node, wrapper: asInDocker)
            let options = dumping.way.options.joined(separator: " ")
            let status = try pod.runHeapdump("\(target.pid) \(options)", wrapper: asInDocker)
            #expect(status == 0, "\(pod.text("heapdump.err"))")
            #expect(pod.text("heapdump.err").hasSuffix("0:600\n"), "\(pod.text("heapdump.err"))")
            #expect(try Http.get("/", port: target.port) == "ok 1")
        }
    }

    /// A target of another user takes a capability that containers do not have by default.
    @Test(arguments: Node.supported)
    func namesTheCapabilityThatItLacks(node: Node) throws {
        try Pod.with { pod in
            let target = try pod.startTarget(node, wrapper: Self.nobody)
            let refused = try pod.runHeapdump("\(target.pid)", wrapper: Self.limited(to: Self.capabilities))
            #expect(refused == 77)
            #expect(pod.text("heapdump.err").contains("--cap-add=SYS_PTRACE"), "\(pod.text("heapdump.err"))")
            #expect(!pod.text("target.err").contains("Debugger"))
            let granted = try pod.runHeapdump(
                "\(target.pid)", wrapper: Self.limited(to: Self.capabilities + ["sys_ptrace"]))
            #expect(granted == 0, "\(pod.text("heapdump.err"))")
            #expect(try Http.get("/", port: target.port) == "ok 1")
        }
    }

    /// With what lets it look into the process, and not send it SIGUSR1.
    @Test func namesTheCapabilityToSendSignals() throws {
        try Pod.with { pod in
            let target = try pod.startTarget(.v24, wrapper: Self.nobody)
            let status = try pod.runHeapdump(
                "\(target.pid)", wrapper: Self.limited(to: ["sys_ptrace", "dac_override"]))
            #expect(status == 77, "\(pod.text("heapdump.err"))")
            #expect(pod.text("heapdump.err").contains("CAP_KILL is needed"), "\(pod.text("heapdump.err"))")
            #expect(pod.text("heapdump.err").contains("--cap-add=KILL"))
            #expect(try Http.get("/", port: target.port) == "ok 1")
        }
    }

    /// The number is known from elsewhere, and the process cannot be seen.
    @Test func saysWhyAProcessOfAnotherContainerIsNotThere() throws {
        try PidNamespace.with { namespace in
            try TemporaryDirectory.with { directory in
                let heapdump = try namespace.start("\(Heapdump.binary) 31337", output: directory("heapdump"))
                #expect(try namespace.wait(for: heapdump) == 66)
                let story = try String(contentsOfFile: directory("heapdump.err"), encoding: .utf8)
                #expect(story.contains("there is no process 31337"), "\(story)")
                #expect(story.contains("shareProcessNamespace"), "\(story)")
            }
        }
    }

    /// /proc that hides the processes of others.
    @Test func saysThatAProcessIsHidden() throws {
        try TemporaryDirectory.with { directory in
            try PidNamespace.with { namespace in
                // The mount of a pid namespace that ends with the test, not the machine's.
                try namespace.ask("mount -o remount,hidepid=2 /proc || mount -t proc -o hidepid=2 proc /proc")
                guard try namespace.ask("grep -c hidepid /proc/mounts") != "0" else {
                    try Test.cancel("/proc cannot be mounted with hidepid here")
                }
                let server = "\(try Node.v22.path()) --inspect-port=0 \(Package.targets)/idle-server.js"
                let target = try namespace.start(server, output: directory("target"))
                let heapdump = try namespace.start(
                    "\(Self.nobody) \(Heapdump.binary) \(target)",
                    output: directory("heapdump"))
                let status = try namespace.wait(for: heapdump)
                let story = try String(contentsOfFile: directory("heapdump.err"), encoding: .utf8)
                #expect(status == 77, "\(story)")
                #expect(story.contains("hidepid"), "\(story)")
            }
        }
    }
}
