import Foundation
import Testing

/// What would kill a process that dumps by a signal, or make its snapshot another's.
struct SignalDumpSafetyTests {
    // It lives

    @Test(arguments: [
        (Node.v20, ["--experimental-permission"]), (.v22, ["--permission"]), (.v24, ["--permission"]),
        (.v26, ["--permission", "--allow-net"]),
    ])
    func sendsNothingWhereThePermissionModelForbidsTheFile(node: Node, permission: [String]) throws {
        let options = DumpingTarget.options + permission + ["--allow-fs-read=*"]
        try DumpingTarget.with(node, options: options) { target, _ in
            try Heapdump.run(["\(target.pid)", "--no-ptrace"]).expect(exit: 69)
            try target.expectRefusal(["-m", "signal"], saying: "--permission")
        }
        try DumpingTarget.with(node, options: options + ["--allow-fs-write=*"]) { target, its in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace"], in: directory)
                run.expect(exit: 0)
                #expect(directory.snapshots.count == 1)
            }
            #expect(its.contents.isEmpty)
            try target.expectUntouched()
        }
    }

    @Test(arguments: Node.supported)
    func sendsNothingWhereATitleHidesTheDirectory(node: Node) throws {
        try TemporaryDirectory.with { its in
            let prelude = its("prelude.js")
            try Data("process.title = 'app';".utf8).write(to: URL(fileURLWithPath: prelude))
            try DumpingTarget.with(
                node, in: its, options: ["--diagnostic-dir=/nonexistent", "--require", prelude, "--inspect-port=0"],
                environment: ["NODE_OPTIONS": "--heapsnapshot-signal=SIGUSR2"]
            ) { target in
                try target.expectRefusal(["-m", "signal"], saying: "title hides")
            }
        }
    }

    /// Others may have filled the disk since the plan was made.
    @Test(arguments: Node.supported)
    func looksAgainWhenItsTurnHasCome(node: Node) throws {
        try FileSystem.with("size=400m") { disk in
            try DumpingTarget.with(node, in: disk) { target in
                let lock = try HeldLock(pid: target.pid, startTime: target.startTime(), purpose: "signal")
                try TemporaryDirectory.with { directory in
                    let command = Heapdump.command(["\(target.pid)", "-m", "signal"], in: directory.path)
                    try command.withChild { heapdump in
                        try lock.awaitWaiting()
                        try Data(count: 396 << 20).write(to: URL(fileURLWithPath: disk("ballast")))
                        lock.release()
                        let run = try heapdump.finish()
                        run.expect(exit: 69)
                        run.expect(saying: "MiB free", "not sent")
                    }
                }
                #expect(disk.contents == ["ballast"])
                try target.expectUntouched()
            }
        }
    }

    @Test(arguments: Node.supported)
    func sendsNothingWhereNoFileCanBeMade(node: Node) throws {
        // The root directory takes one.
        try FileSystem.with("size=400m,nr_inodes=3") { disk in
            for name in ["a", "b"] { try Data().write(to: URL(fileURLWithPath: disk(name))) }
            try DumpingTarget.with(node, in: disk) { target in
                try target.expectRefusal(["-m", "signal"], saying: String(cString: strerror(ENOSPC)))
            }
        }
    }

    /// Root of a user namespace is nobody to files of others.
    @Test(arguments: Node.supported)
    func isNotTakenInByCapabilitiesOfAUserNamespace(node: Node) throws {
        try Requirement.root()
        try TemporaryDirectory.with { its in
            let row = ["unshare", "--user", "--map-root-user", "true"]
            guard try Command(row).run().ending == .exited(0) else { try Test.cancel("no user namespace can be made") }
            let launcher = ["/usr/bin/env", "-C", its.path, "unshare", "--user", "--map-root-user"]
            try Target.with("idle-server.js", node, options: DumpingTarget.options, launcher: launcher) { target in
                chown(its.path, 65534, 65534)
                chmod(its.path, 0o700)
                try target.expectRefusal(["-m", "signal"], saying: "Permission denied")
            }
        }
    }

    /// That the process itself may not go there is no reason to ask for more rights.
    @Test(arguments: Node.supported)
    func goesOnWithTheInspectorWhereTheDirectoryCannotBeReached(node: Node) throws {
        try Requirement.root()
        for path in [try node.path(), "\(Package.targets)/idle-server.js", Heapdump.binary] {
            try Requirement.isReadableByAll(path)
        }
        try TemporaryDirectory.with { secret in
            let options = DumpingTarget.options + ["--diagnostic-dir=\(secret.path)/below"]
            try DumpingTarget.with(node, options: options, user: .nobody) { target, _ in
                try TemporaryDirectory.with { directory in
                    chmod(directory.path, 0o777)
                    let run = try Heapdump.run(["\(target.pid)"], in: directory, user: .nobody)
                    run.expect(exit: 0)
                }
                try target.expectBackToNormal()
            }
        }
    }

    // It is the right file

    /// The application writes to where the output goes.
    @Test(arguments: Node.supported, [true, false])
    func keepsASnapshotThatIsInItsPlace(node: Node, overwrites: Bool) throws {
        try TemporaryDirectory.with { directory in
            let path = directory("leak.heapsnapshot")
            try Target.with("dumps-on-its-own-signal.js", node, arguments: ["SIGUSR2", path]) { target in
                for _ in 1...(overwrites ? 2 : 1) {
                    let options = ["--signal", "SIGUSR2", "-o", path] + (overwrites ? ["--overwrite"] : [])
                    let run = try Heapdump.run(["\(target.pid)"] + options, in: directory)
                    run.expect(exit: 0)
                    #expect(run.path == path)
                    #expect(directory.contents == ["leak.heapsnapshot"])
                    #expect(try SnapshotText(path).ids(ofClass: "OwnSignalMarker").count == 1)
                    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                    #expect(mode == 0o600)
                }
            }
        }
    }

    /// In two containers that share a directory, both processes may have pid 1, and their files the same names.
    @Test(arguments: Node.supported)
    func leavesTheFileOfAnotherContainer(node: Node) throws {
        try Requirement.root()
        try TemporaryDirectory.with { its in
            let other = try its.directory("go-is-here")
            let first = try container(node, "busy-until-file.js", other("go"), in: its)
            let second = try container(node, "idle-server.js", in: its)
            try first.withChild { first in
                try second.withChild { second in
                    let busy = try first.pidOfReadyChild()
                    let idle = try second.pidOfReadyChild()
                    try TemporaryDirectory.with { directory in
                        let command = Heapdump.command(
                            ["\(busy)", "-m", "signal", "-t", "8"], in: directory.path)
                        try command.withChild { heapdump in
                            try eventually("it waits: \(heapdump.stderr.text)") {
                                heapdump.stderr.text.contains("begins when its event loop is free")
                            }
                            kill(idle, SIGUSR2)
                            let run = try heapdump.finish()
                            run.expect(exit: 75)
                        }
                        #expect(directory.contents.isEmpty)
                    }
                    let name = try #require(its.snapshots.first)
                    #expect(its.snapshots == [name])
                    try Heapdump.run(["check", its(name)]).expect(exit: 0)
                }
            }
        }
    }

    /// A worker's dump has the process's pid in its name as well.
    @Test(arguments: Node.supported)
    func leavesTheFileOfAWorker(node: Node) throws {
        try TemporaryDirectory.with { its in
            let prelude = """
                const { isMainThread, Worker } = require('worker_threads');
                if (isMainThread) {
                  const worker = new Worker(
                    "require('worker_threads').parentPort.on('message', () => require('v8').writeHeapSnapshot())",
                    { eval: true });
                  worker.unref();
                  process.prependListener('SIGUSR2', () => {
                    worker.postMessage('dump');
                    const flag = new Int32Array(new SharedArrayBuffer(4));
                    const fs = require('fs');
                    while (!fs.readdirSync('.').some((name) => name.startsWith('Heap.'))) Atomics.wait(flag, 0, 0, 5);
                    Atomics.wait(flag, 0, 0, 200);
                  });
                }
                """
            try Data(prelude.utf8).write(to: URL(fileURLWithPath: its("prelude.js")))
            let options = DumpingTarget.options + ["--require", its("prelude.js")]
            try DumpingTarget.with(node, "leaks-named-class.js", in: its, options: options) { target in
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "-m", "signal"], in: directory)
                    run.expect(exit: 0)
                    #expect(try SnapshotText(run.path).ids(ofClass: "LeakedSession").count == 1234)
                }
                let left = try #require(its.snapshots.first)
                #expect(its.snapshots.count == 1 && !left.contains(".0.00"), "\(its.contents)")
            }
        }
    }

    /// A second name may be anybody's file: it is neither taken, nor changed.
    @Test(arguments: Node.one)
    func takesNoFileWithASecondName(node: Node) throws {
        try TemporaryDirectory.with { its in
            try Data("precious".utf8).write(to: URL(fileURLWithPath: its("data.db")))
            chmod(its("data.db"), 0o644)
            link(its("data.db"), its("x.heapsnapshot"))
            let arguments = ["SIGUSR2", its("x.heapsnapshot")]
            try Target.with("dumps-on-its-own-signal.js", node, arguments: arguments) { target in
                try TemporaryDirectory.with { directory in
                    let options = ["--signal", "SIGUSR2", "--stall-timeout", "2"]
                    let run = try Heapdump.run(["\(target.pid)"] + options, in: directory)
                    run.expect(exit: 75)
                    run.expect(saying: "x.heapsnapshot", "nothing proves")
                    #expect(directory.contents.isEmpty)
                }
                #expect(its.contents == ["data.db", "x.heapsnapshot"])
                let mode = try FileManager.default.attributesOfItem(atPath: its("data.db"))[.posixPermissions] as? Int
                #expect(mode == 0o644)
            }
        }
    }

    // Nothing stays unannounced

    @Test(arguments: Node.supported)
    func saysThatASnapshotMayComeAfterAChildHasEnded(node: Node) throws {
        try TemporaryDirectory.with { its in
            mkfifo(its("go"), 0o600)
            let prelude = "setTimeout(() => require('child_process').execSync('read word < go'), 200);"
            try Data(prelude.utf8).write(to: URL(fileURLWithPath: its("prelude.js")))
            let options = DumpingTarget.options + ["--require", its("prelude.js")]
            try DumpingTarget.with(node, in: its, options: options) { target in
                // Open for reading and writing, a FIFO keeps nobody waiting; at the end of the test the child goes on.
                let fifo = open(its("go"), O_RDWR | O_CLOEXEC)
                defer {
                    _ = write(fifo, "on\n", 3)
                    close(fifo)
                }
                try eventually("the program blocks") { (try? Http.get("/", port: target.port, within: 1)) == nil }
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal", "--stall-timeout", "15"])
                run.expect(exit: 75)
                run.expect(saying: "cannot be taken back", its.path)
                #expect(its.snapshots.isEmpty)
            }
        }
    }

    /// A run that timed out has sent its signal all the same.
    @Test(arguments: Node.supported)
    func saysThatAnEarlierSignalsSnapshotComesToo(node: Node) throws {
        try TemporaryDirectory.with { its in
            try DumpingTarget.with(node, "busy-until-file.js", in: its, arguments: [its("go")]) { target in
                try Heapdump.run(["\(target.pid)", "-m", "signal", "-t", "1"]).expect(exit: 75)
                try TemporaryDirectory.with { directory in
                    let command = Heapdump.command(["\(target.pid)", "-m", "signal"], in: directory.path)
                    try command.withChild { heapdump in
                        try eventually("it waits: \(heapdump.stderr.text)") {
                            heapdump.stderr.text.contains("begins when its event loop is free")
                        }
                        try Data().write(to: URL(fileURLWithPath: its("go")))
                        let run = try heapdump.finish()
                        run.expect(exit: 0)
                        run.expect(saying: "another snapshot", its.path)
                    }
                    #expect(directory.snapshots.count == 1)
                }
            }
        }
    }

    /// A Node that is the first process of a pid namespace.
    private func container(
        _ node: Node, _ program: String, _ arguments: String..., in directory: TemporaryDirectory
    ) throws -> Command {
        Command(
            ["unshare", "--pid", "--fork", "--kill-child", "/usr/bin/env", "-C", directory.path, try node.path()]
                + DumpingTarget.options + ["\(Package.targets)/\(program)"] + arguments)
    }

    // It ends

    /// A file of a terabyte costs its owner nothing.
    @Test(arguments: Node.supported)
    func keepsNoHoles(node: Node) throws {
        let handler = """
            const file = fs.openSync('a.heapsnapshot', 'w');
            fs.writeSync(file, '{"snapshot":{"meta":{');
            fs.ftruncateSync(file, 2 ** 40);
            // By its descriptor it is known whose the file is.
            setTimeout(() => fs.closeSync(file), 2000);
            """
        try withHandler(handler, node) { target, directory in
            let options = ["--signal", "SIGUSR2", "--keep-partial", "-o", "b.heapsnapshot"]
            let run = try Heapdump.run(["\(target.pid)"] + options, in: directory)
            run.expect(exit: 65)
            run.expect(saying: "b.heapsnapshot.partial")
            let attributes = try FileManager.default.attributesOfItem(atPath: directory("b.heapsnapshot.partial"))
            let size = try #require(attributes[.size] as? Int)
            #expect((21..<1 << 20).contains(size))
            try target.expectToServe()
        }
    }

    /// A service goes on with its work meanwhile: its CPU time is no sign that it builds a snapshot.
    @Test(arguments: Node.one)
    func doesNotFollowADripForever(node: Node) throws {
        let handler = """
            const file = fs.openSync('a.heapsnapshot', 'w');
            fs.writeSync(file, '{"snapshot":{"meta":{');
            setInterval(() => fs.writeSync(file, ' '), 1000);
            setInterval(() => { for (const end = Date.now() + 10; Date.now() < end;); }, 50);
            """
        try withHandler(handler, node) { target, directory in
            let options = ["--signal", "SIGUSR2", "--stall-timeout", "10"]
            let run = try Heapdump.run(["\(target.pid)"] + options, in: directory)
            run.expect(exit: 75)
            run.expect(saying: "next to nothing came from it")
            try target.expectToServe()
        }
    }

    /// A server that does that on SIGUSR2, in a directory of its own.
    private func withHandler(
        _ handler: String, _ node: Node, _ body: (Target, TemporaryDirectory) throws -> Void
    ) throws {
        try TemporaryDirectory.with { directory in
            let prelude = "const fs = require('fs'); process.on('SIGUSR2', () => {\n\(handler)\n});"
            try Target.withScript("server.js", in: directory, node, prelude: prelude) { try body($0, directory) }
        }
    }
}
