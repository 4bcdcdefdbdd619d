import Foundation
import Testing

/// What is missing is told from what was seen, with what helps. The target is never touched.
struct PermissionRemedyTests {
    private static let nobody = Command.User.nobody.launcher

    private struct Case: CustomStringConvertible {
        let description: String
        /// What the target is started by.
        var target: [String] = []
        /// The same of heapdump.
        var heapdump: [String] = []
        let says: [String]
        var omits: [String] = []
    }

    private static let cases = [
        Case(description: "another user", heapdump: nobody, says: ["run as user root (uid 0) or with sudo"]),
        Case(
            description: "no_new_privs", heapdump: nobody + ["setpriv", "--no-new-privs"],
            says: ["no_new_privs", "sudo has no effect"], omits: ["with sudo"]),
        Case(
            description: "root without the capability", target: nobody,
            heapdump: ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"],
            says: ["CAP_SYS_PTRACE", "--cap-add=SYS_PTRACE", "(uid 65534)"]),
        Case(
            description: "more capabilities",
            target: nobody + ["--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"],
            heapdump: nobody, says: ["CAP_NET_BIND_SERVICE, which we lack"]),
        Case(
            description: "another group", target: ["setpriv", "--reuid=65534", "--regid=1", "--clear-groups"],
            heapdump: nobody, says: ["another group id"]),
        Case(
            description: "another user namespace", target: nobody + ["unshare", "--user", "--map-root-user"],
            heapdump: nobody + ["unshare", "--user", "--map-root-user"], says: ["outside the container"]),
        Case(
            description: "root of a user namespace only", heapdump: nobody + ["unshare", "--user", "--map-root-user"],
            says: ["counts in our user namespace only", "outside the container"]),
    ]

    @Test(arguments: cases)
    private func namesWhatHelps(_ test: Case) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        guard try Command(test.heapdump + ["true"]).run().ending == .exited(0) else {
            try Test.cancel("\(test.heapdump) does not work here")
        }
        try Target.with("idle-server.js", .v22, launcher: test.target) { target in
            let run = try Command(test.heapdump + [Heapdump.binary, "\(target.pid)"], in: "/tmp").run()
            run.expect(exit: 77)
            for text in test.says { run.expect(saying: text) }
            for text in test.omits { #expect(!run.stderr.contains(text), "\(run)") }
            #expect(run.stdout.isEmpty)
            try target.expectUntouched()
        }
    }

    enum Program: String, CaseIterable {
        case unreadable = "its executable may not be read"
        /// By its file.
        case capable = "CAP_NET_BIND_SERVICE, which we lack"
    }

    @Test(arguments: Program.allCases)
    func saysWhatIsWithItsProgram(program: Program) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        try TemporaryDirectory.with { directory in
            chmod(directory.path, 0o755)
            let node = directory("node")
            try FileManager.default.copyItem(atPath: try Node.v22.path(), toPath: node)
            switch program {
            case .unreadable: chmod(node, 0o711)
            case .capable:
                // struct vfs_cap_data of <linux/capability.h>: version 2, effective; CAP_NET_BIND_SERVICE permitted.
                let program =
                    "import os, struct, sys; "
                    + "os.setxattr(sys.argv[1], 'security.capability', struct.pack('<5I', 0x02000001, 1 << 10, 0, 0, 0))"
                guard try Command(["python3", "-c", program, node]).run().ending == .exited(0) else {
                    try Test.cancel("files can have no capabilities here")
                }
            }
            let server = [node, "--inspect-port=0", "\(Package.targets)/idle-server.js"]
            try Target.with(Command(server, user: .nobody)) { target in
                let run = try Heapdump.command(["\(target.pid)"], in: "/tmp", user: .nobody).run()
                run.expect(exit: 77)
                run.expect(saying: program.rawValue)
                try target.expectUntouched()
            }
        }
    }

    @Test func saysThatItIsNotDumpable() throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        try TemporaryDirectory.with { directory in
            chmod(directory.path, 0o755)
            let source =
                "#include <sys/prctl.h>\n__attribute__((constructor)) static void hide(void) { prctl(PR_SET_DUMPABLE, 0); }\n"
            try Data(source.utf8).write(to: URL(fileURLWithPath: directory("hide.c")))
            try CCompiler.makeLibrary(directory("hide.so"), of: directory("hide.c"))
            let preload = ["LD_PRELOAD": directory("hide.so")]
            try Target.with("idle-server.js", .v22, environment: preload, user: .nobody) { target in
                let run = try Heapdump.command(["\(target.pid)"], in: "/tmp", user: .nobody).run()
                run.expect(exit: 77)
                run.expect(saying: "not dumpable")
                try target.expectUntouched()
                // Root may.
                try TemporaryDirectory.with { try Heapdump.run(["\(target.pid)"], in: $0).expect(exit: 0) }
            }
        }
    }

    /// no_new_privs itself is no obstacle.
    @Test(arguments: Way.allCases)
    func dumpsUnderNoNewPrivileges(way: Way) throws {
        let confined = ["setpriv", "--no-new-privs"]
        try Target.with("idle-server.js", .v24, launcher: confined) { target in
            try TemporaryDirectory.with { directory in
                let run = try Command(confined + [Heapdump.binary, "\(target.pid)"] + way.options, in: directory.path)
                    .run()
                run.expect(exit: 0)
                #expect(directory.snapshots.count == 1)
            }
            try target.expectBackToNormal()
        }
    }
}
