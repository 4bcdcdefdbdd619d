import Foundation
import Testing

/// The node-heapdump add-on, which dumps on SIGUSR2 into the working directory.
struct SignalAddonTests {
    @Test(arguments: Node.supported)
    func dumpsByTheAddon(node: Node) throws {
        try withAddon { addon in
            try target(node, addon, "77") { target, its in
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "-m", "signal", "-v"], in: directory)
                    run.expect(exit: 0)
                    run.expect(saying: addon, "SIGUSR2")
                    #expect(try SnapshotText(run.path).ids(ofClass: "AddonMarker").count == 77)
                }
                #expect(its.contents.isEmpty)
                #expect(try target.get("/signals") == "1")
                try target.expectUntouched()
            }
        }
    }

    @Test(arguments: Node.supported)
    func leavesItAloneWhereItsSignalIsOff(node: Node) throws {
        try withAddon { addon in
            let environment = ["NODE_HEAPDUMP_OPTIONS": "nosignal"]
            try target(node, addon, "1", "counts", environment: environment) { target, _ in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal"])
                run.expect(exit: 69)
                run.expect(saying: "NODE_HEAPDUMP_OPTIONS=nosignal")
                #expect(try target.get("/signals") == "0")
                try target.expectUntouched()
            }
        }
    }

    @Test(arguments: Node.supported)
    func killsNoProcessThatDoesNotCatchTheSignal(node: Node) throws {
        try withAddon { addon in
            try target(node, addon, "1", "nothing") { target, _ in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal"])
                run.expect(exit: 69)
                run.expect(saying: "would kill it")
                try target.expectUntouched()
            }
        }
    }

    /// A library that has "heapdump" in its path, and nothing more, is no such add-on.
    @Test func isNotTakenInByAName() throws {
        try withAddon(source: "void *napi_register_module_v1(void *env, void *exports) { return exports; }") { addon in
            try target(.v24, addon, "1", "counts") { target, _ in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal"])
                run.expect(exit: 69)
                run.expect(saying: "proves nothing")
                #expect(try target.get("/signals") == "0")
            }
        }
    }

    /// The names of the files do not tell whose they are.
    @Test(arguments: Node.supported)
    func givesEachOfTwoProcessesInOneDirectoryItsOwn(node: Node) throws {
        try withAddon { addon in
            try target(node, addon, "11") { first, its in
                try DumpingTarget.with(
                    node, "dumps-by-addon.js", in: its, options: ["--inspect-port=0"], arguments: [addon, "22"]
                ) { second in
                    try TemporaryDirectory.with { directory in
                        let command = { (target: Target, name: String) in
                            Heapdump.command(["\(target.pid)", "-m", "signal", "-o", name], in: directory.path)
                        }
                        try command(first, "a.heapsnapshot").withChild { one in
                            try command(second, "b.heapsnapshot").run().expect(exit: 0)
                            try one.finish().expect(exit: 0)
                        }
                        let counts = try ["a", "b"].map { name in
                            try SnapshotText(directory(name + ".heapsnapshot")).ids(ofClass: "AddonMarker").count
                        }
                        #expect(counts == [11, 22])
                    }
                    #expect(its.contents.isEmpty)
                }
            }
        }
    }

    private func target(
        _ node: Node, _ addon: String, _ arguments: String..., environment: [String: String] = [:],
        _ body: (Target, TemporaryDirectory) throws -> Void
    ) throws {
        try DumpingTarget.with(
            node, "dumps-by-addon.js", options: ["--inspect-port=0"], arguments: [addon] + arguments,
            environment: environment, body)
    }

    private func withAddon(source: String? = nil, _ body: (String) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            var file = "\(Package.targets)/addon/heapdump.c"
            if let source {
                file = directory("source.c")
                try Data(source.utf8).write(to: URL(fileURLWithPath: file))
            }
            let addon = try directory.directory("heapdump")("addon.node")
            try CCompiler.makeLibrary(addon, of: file)
            try body(addon)
        }
    }
}
