import Foundation
import Testing

/// The add-on for arm64, in a Node for arm64 that runs emulated (qemu-user). heapdump itself is not tested there: emulated processes
/// show the emulator under /proc.
struct Arm64Tests {
    private static let compiler = "aarch64-linux-gnu-gcc"
    private static let emulator = ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"]

    @Test func theAddonWritesAValidSnapshot() throws {
        for tool in [Self.compiler, Self.emulator[0]] where try Command([tool, "--version"]).run().ending != .exited(0)
        {
            try Test.cancel("there is no \(tool)")
        }
        let node = try Node.path("18-arm64")
        try TemporaryDirectory.with { directory in
            let addon = directory("agent/node")
            let sources = try FileManager.default.contentsOfDirectory(
                atPath: "\(Package.root)/Sources/HeapDumpAgent/node")
            let files = ["heapdump.node"] + sources.filter { $0.hasSuffix(".js") || $0 == "package.json" }
            let make = Command(
                ["make", "-C", Package.root, "CC=\(Self.compiler)", "AGENT=\(directory("agent"))"]
                    + files.map { addon + "/" + $0 })
            let built = try make.run()
            #expect(built.ending == .exited(0), "\(built)")
            let program = """
                class ArmSession {}
                global.sessions = Array.from({ length: 1000 }, () => new ArmSession());
                require(process.argv[2]).writeSnapshot(process.argv[3], (error, file) => {
                  console.log(process.arch, error ? error.message : file);
                });
                """
            try Data(program.utf8).write(to: URL(fileURLWithPath: directory("dumps.js")))
            let file = directory("arm.heapsnapshot")
            let run = try Command(Self.emulator + [node, "dumps.js", addon, file], in: directory.path).run()
            #expect(run.ending == .exited(0), "\(run)")
            #expect(run.stdout == "arm64 \(file)\n", "\(run)")
            try Heapdump.run(["check", file]).expect(exit: 0)
            #expect(try SnapshotText(file).ids(ofClass: "ArmSession").count == 1000)
        }
    }
}
