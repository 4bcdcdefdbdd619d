import Glibc
import Linux
import Testing

@testable import NodeProcess

@Suite(.enabled(if: TestNode.isAvailable, Comment(rawValue: TestNode.skipReason)))
struct TargetProcessTests {
    @Test func whatNodeIs() throws {
        let script = "console.log(process.pid, process.version)"
        let variables = ["NODE_OPTIONS": "--no-warnings \"--title=a b\""]
        try Child.withNode(["--stack-trace-limit=20"], script: script, environment: variables) { child, line in
            let target = try TargetProcess.read(ProcessHandle(pid: child.pid))
            let words = line.split(separator: " ")
            #expect(target.pid == child.pid)
            #expect("\(target.pidInNamespace)" == words[0])
            #expect(target.uid == geteuid())
            #expect(target.gid == getegid())
            #expect(target.nodeOptions == ["--no-warnings", "--title=a b"])
            #expect(target.executable.version == NodeVersion(words[1]))
            #expect(!target.executable.isDeleted)
            #expect(!target.executable.evidence.isEmpty)
            #expect(target.residentBytes > 10 << 20)
            #expect(target.scriptPath == nil)
            #expect(!target.isInOtherNetworkNamespace)
            #expect(!target.isInOtherPidNamespace)
            #expect(!target.isInOtherMountNamespace)
            #expect(target.programState() == .runs)
        }
    }

    @Test func argumentsAreKeptRaw() throws {
        try Child.withNode(["--max-http-header-size", "20000", "--report-filename=a b", "--no-warnings"]) { child, _ in
            let target = try TargetProcess.read(ProcessHandle(pid: child.pid))
            #expect(target.arguments.count == 7)
            #expect(
                target.arguments[1...4] == [
                    "--max-http-header-size", "20000", "--report-filename=a b", "--no-warnings",
                ])
            #expect(target.arguments[0] == TestNode.path)
            #expect(!target.argumentsAreOverwritten)
        }
    }

    /// As Node does it: of two that contradict each other the last one counts, and the command line comes after NODE_OPTIONS.
    @Test(
        arguments: [
            ("", [], nil), ("--no-addons", [], .noAddons), ("", ["--no-addons"], .noAddons),
            ("", ["--no_addons"], .noAddons),
            ("--no-addons", ["--addons"], nil), ("--addons", ["--no-addons"], .noAddons),
        ] as [(String, [String], AddonBarrier?)])
    func whetherAddonsAreOff(variable: String, options: [String], barrier: AddonBarrier?) throws {
        try Child.withNode(options, environment: ["NODE_OPTIONS": variable]) { child, _ in
            let target = try TargetProcess.read(ProcessHandle(pid: child.pid))
            #expect(target.addonBarrier == barrier)
        }
    }

    @Test(
        arguments: [
            ("", ["--permission"], .permissionModel(option: "--permission")),
            ("", ["--permission", "--allow-addons"], nil),
            ("--allow-addons", ["--permission"], nil),
            ("--permission", ["app.js", "--allow-addons"], .permissionModel(option: "--permission")),
            ("", ["--permission-audit", "--allow-inspector"], .permissionModel(option: "--permission-audit")),
            ("", ["--permission", "--allow-addons", "--no-addons"], .noAddons),
            ("", ["--permission", "--no-permission"], nil),
            ("", ["--experimental-permission"], .permissionModel(option: "--permission")),
            ("", ["--allow-addons"], nil),
        ] as [(String, [String], AddonBarrier?)])
    func whatThePermissionModelAllows(variable: String, options: [String], barrier: AddonBarrier?) {
        #expect(
            AddonBarrier.find(arguments: ["node"] + options, nodeOptions: NodeOptionsVariable.split(variable))
                == barrier)
    }

    @Test func titleHidesTheArguments() throws {
        try Child.withNode(script: "process.title = 'a b'; console.log('ready')") { child, _ in
            let target = try TargetProcess.read(ProcessHandle(pid: child.pid))
            #expect(target.arguments == ["a b"])
            #expect(target.argumentsAreOverwritten)
            #expect(target.scriptPath == nil)
        }
    }

    @Test func signalsThatNodeCatches() throws {
        let script = "process.on('SIGUSR2', () => {}); console.log('ready')"
        try Child.withNode(script: script) { child, _ in
            let target = try TargetProcess.read(ProcessHandle(pid: child.pid))
            #expect(target.caughtSignals.contains(signal: SIGUSR1))
            #expect(target.caughtSignals.contains(signal: SIGUSR2))
            #expect(target.ignoredSignals.contains(signal: SIGPIPE))
            #expect(!target.blockedSignals.contains(signal: SIGUSR1))
        }
        try Child.withNode { child, _ in
            let target = try TargetProcess.read(ProcessHandle(pid: child.pid))
            #expect(!target.caughtSignals.contains(signal: SIGUSR2))
        }
    }

    @Test func renamedAndDeletedBinary() throws {
        let directory = try TemporaryDirectory()
        let copy = directory.path + "/some program"
        let node = try #require(TestNode.path)
        let code = try Child.with(["cp", "-L", node, copy]) { $0.reap() }
        try #require(code == 0)
        try Child.withNode(script: "console.log(process.version)", node: copy) { child, version in
            let handle = try ProcessHandle(pid: child.pid)
            let target = try TargetProcess.read(handle)
            #expect(target.executable.path == copy)
            #expect(!target.executable.isDeleted)
            try #require(unlink(copy) == 0)
            let deleted = try TargetProcess.read(handle).executable
            #expect(deleted.path == copy)
            #expect(deleted.isDeleted)
            #expect(deleted.version == NodeVersion(version))
            #expect(target.programState() == .runs)
        }
    }

    @Test func sleepIsNotNode() throws {
        try Child.with(["sleep", "60"]) { child in
            let handle = try ProcessHandle(pid: child.pid)
            let error = #expect(throws: ProcessError.self) { try TargetProcess.read(handle) }
            guard case .notNode(let description) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(description.pid == child.pid)
            #expect(description.nodeDescendants.isEmpty)
            #expect(!description.isKernelThread)
        }
    }

    @Test func shellNamesItsNodeChild() throws {
        let node = try #require(TestNode.path)
        let program = "process.stdin.resume(); process.stdin.on('end', () => process.exit()); console.log(process.pid)"
        try Child.with(["sh", "-c", "'\(node)' -e \"\(program)\"; true"]) { shell in
            let nodePid = try #require(Int32(try shell.line()))
            let nodeHandle = try ProcessHandle(pid: nodePid)
            defer { try? nodeHandle.send(SIGKILL) }
            let handle = try ProcessHandle(pid: shell.pid)
            let error = #expect(throws: ProcessError.self) { try TargetProcess.read(handle) }
            guard case .notNode(let description) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(description.name == "sh")
            #expect(description.nodeDescendants.map(\.pid) == [nodePid])
            #expect(description.nodeDescendants.first?.command.contains(node) == true)
        }
    }

    @Test func execKeepsTheProcessAndChangesTheProgram() throws {
        try Child.with(["sh", "-c", "read line; exec sleep 60"]) { child in
            let handle = try ProcessHandle(pid: child.pid)
            let before = try ProcFile(child.pid, "exe").identity()
            #expect(eventually { (try? ProcFile(child.pid, "comm").text()) == "sh\n" })
            try child.write("go\n")
            #expect(eventually { (try? ProcFile(child.pid, "comm").text()) == "sleep\n" })
            #expect(handle.isAlive)
            #expect(try ProcFile(child.pid, "exe").identity() != before)
        }
    }

    @Test func mainThread() throws {
        try Child.withNode { child, _ in
            let handle = try ProcessHandle(pid: child.pid)
            let isIdle = try eventually { try MainThreadActivity.read(handle).isInEventLoop }
            #expect(isIdle)
            #expect(try MainThreadActivity.read(child.pid).state == "S")
            #expect(try MainThreadActivity.read(handle).cpuTime > .zero)
        }
        let busy = "console.log('ready'); setTimeout(() => { for (;;); }, 1)"
        try Child.withNode(script: busy) { child, _ in
            let handle = try ProcessHandle(pid: child.pid)
            let before = try MainThreadActivity.read(handle).cpuTime
            let runs = try eventually {
                let now = try MainThreadActivity.read(handle)
                return now.state == "R" && now.cpuTime > before && !now.isInEventLoop
            }
            #expect(runs)
        }
    }

    @Test func threadsAreNotProcesses() throws {
        try Child.withNode { child, _ in
            let threads = try Directory("/proc/\(child.pid)/task")
            var thread = threads.nextNumber()
            while thread == child.pid { thread = threads.nextNumber() }
            let other = try #require(thread)
            #expect(throws: ProcessError.isThread(other, of: child.pid)) { try ProcessHandle(pid: other) }
        }
    }
}
