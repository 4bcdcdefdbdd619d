import Foundation
import Glibc
import Inspector
import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

/// What scripts go by: documented, and each told of what it is for.
@Suite struct ReasonCodeTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func theDocumentHasEachOnce() throws {
        let rows = try text("docs/reason-codes.md").matches(of: #/(?m)^\| `([^`]+)` \| [^|]+ \|$/#).map { String($0.1) }
        #expect(rows == ReasonCode.allCases.map(\.rawValue))
    }

    @Test func allAreWrittenAlike() {
        for code in ReasonCode.allCases {
            #expect(code.rawValue.wholeMatch(of: #/[a-z][a-z0-9]*(-[a-z0-9]+)*/#) != nil, "\(code)")
        }
    }

    /// Somewhere a test says which of them it expects.
    @Test func eachIsExpectedByATest() throws {
        let tests = Self.root.appendingPathComponent("Tests")
        // As a value of another type it may stand anywhere.
        let own = try text("Tests/SnapshotWriterTests/ReasonCodeTests.swift")
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)
        var all = ""
        while let file = files?.nextObject() as? URL {
            if file.pathExtension == "swift" { all += try String(contentsOf: file, encoding: .utf8) }
        }
        for code in ReasonCode.allCases {
            #expect(own.contains("(.\(code),") || all.contains("\"\(code.rawValue)\""), "\(code)")
        }
    }

    // The plan

    private let plans = PlanTests()

    private typealias Row = (
        code: ReasonCode, method: SnapshotRequest.Method, facts: (inout TargetFacts) -> Void,
        request: (inout SnapshotRequest) -> Void
    )

    private func row(
        _ code: ReasonCode, _ method: SnapshotRequest.Method, _ facts: @escaping (inout TargetFacts) -> Void = { _ in }
    ) -> Row { (code, method, facts, { _ in }) }

    private func asked(
        _ code: ReasonCode, _ method: SnapshotRequest.Method, _ request: @escaping (inout SnapshotRequest) -> Void,
        of facts: @escaping (inout TargetFacts) -> Void = { _ in }
    ) -> Row { (code, method, facts, request) }

    private func options(_ options: String...) -> (inout TargetFacts) -> Void {
        {
            let arguments = ["node"] + options + ["server.js"]
            $0.inspector.hints = InspectorHints(arguments: arguments, nodeOptions: [])
            $0.signal.hints = SignalDumpHints(arguments: arguments, nodeOptions: [])
        }
    }

    private func expect(_ rows: [Row]) throws {
        for row in rows {
            let plan = try plans.plan(plans.plain(change: row.facts), change: row.request)
            let refusal = try #require(plan.refusals.first { $0.method == row.method }, "\(row.code)").refusal
            #expect(refusal.code == row.code, "\(refusal)")
            #expect(!refusal.reason.isEmpty)
        }
    }

    @Test func tellWhatTheCommandLineRulesOut() throws {
        try expect([
            asked(.excludedByNoInspector, .fork, { $0.allowsInspector = false }),
            asked(.excludedByMethod, .fork, { $0.method = .inspector }),
            asked(.excludedByThread, .signal, { $0.thread = .worker(1) }),
            asked(.excludedByDumpMemoryMax, .inspector, { $0.copyMemoryLimit = 1 << 30 }),
            asked(.excludedBySignal, .fork, { $0.signal = SIGUSR2 }),
            asked(.noControlGroup, .fork, { $0.copyMemoryLimit = 1 << 30 }),
        ])
    }

    @Test func tellWhatKeepsTheInspectorClosed() throws {
        let own = SignalSet(signal: SIGUSR1)
        try expect([
            row(.denoByInspectorAlone, .fork) { $0.runtime = .deno },
            row(.denoInspectorClosed, .inspector) { $0.runtime = .deno },
            row(.traced, .fork) { $0.standstill.tracer = Tracer(pid: 2, name: "gdb") },
            row(.frozen, .signal) { $0.standstill.isFrozen = true },
            row(.stopped, .inspector) { $0.standstill.isStopped = true },
            row(.networkClosed, .fork) { $0.inspector.networkProblem = .noLoopback(pid: 1) },
            row(.portHeld, .inspector) { $0.inspector.portHolder = "process 7" },
            row(.sigusr1Disabled, .inspector, options("--disable-sigusr1")),
            row(.inspectorForbidden, .inspector, options("--permission")),
            row(.inspectorAddressHidden, .inspector, options("--inspect-publish-uid=stderr")),
            row(.sigusr1Blocked, .inspector) { ($0.caught, $0.blocked) = ([], own) },
            row(.debuggerAwaited, .inspector) { $0.inspector.awaitsDebugger = true },
            row(.sigusr1WritesSnapshot, .inspector, options("--heapsnapshot-signal=SIGUSR1")),
            row(.sigusr1WritesReport, .inspector, options("--report-on-signal", "--report-signal=SIGUSR1")),
            row(.sigusr1NotCaught, .inspector) { $0.caught = [] },
            row(.sigusr1Handled, .inspector) { $0.inspector.handledSignals = own },
            row(.callWouldBreak, .inspector) { $0.inspector.callThatBreaks = "read" },
            row(.clusterWorkerInTheWay, .inspector) {
                $0.inspector.endangeredWorker = EndangeredWorker(pid: 2, reason: "it ends")
            },
            row(.tooFewDescriptors, .inspector) { $0.inspector.room.descriptors = DescriptorRoom(left: 1, limit: 64) },
            row(.tooFewTasks, .fork) { $0.inspector.room.tasks = TaskRoom(left: 0, bound: "x allows 9", remedy: "y") },
            row(.tooLittleAddressSpace, .inspector) { $0.inspector.room.addressSpace = 1 << 20 },
        ])
    }

    @Test func tellWhatKeepsTheAgentOut() throws {
        try expect([
            row(.agentNotBuilt, .fork) { $0.agent.isBuiltIn = false },
            row(.addonsForbidden, .fork) { $0.agent.barrier = .noAddons },
            row(.addonsForbiddenByPermission, .fork) { $0.agent.barrier = .permissionModel(option: "--permission") },
            row(.noPlaceForAgent, .fork) { $0.agent.placeProblems = "/tmp: x" },
            row(.agentRefusedBefore, .fork) { $0.agent.failedLoad = "x" },
            row(.nodeTooOldToFork, .fork) { $0.version = NodeVersion("14.21.3") },
        ])
    }

    @Test func tellWhyNoSignalIsSent() throws {
        let dumps = SignalSet(signal: SIGUSR2)
        func dumping(_ change: @escaping (inout TargetFacts) -> Void) -> (inout TargetFacts) -> Void {
            { [options] in
                options("--heapsnapshot-signal=SIGUSR2")(&$0)
                $0.caught.insert(dumps)
                change(&$0)
            }
        }
        func place(_ problem: DirectoryFacts.Problem?, free: UInt64 = 10 << 30) -> (inout TargetFacts) -> Void {
            dumping { $0.signal.workingDirectory = DirectoryFacts(path: "/srv", problem: problem, freeBytes: free) }
        }
        let byName = { (signal: Int32) in { (request: inout SnapshotRequest) in request.signal = signal } }
        try expect([
            row(.noSignal, .signal),
            row(.addonSignalOff, .signal) { $0.signal.addon = HeapdumpAddon(path: "/a.node", signalIsOff: true) },
            asked(.signalNeverSent, .signal, byName(SIGTERM)),
            row(.signalBlocked, .signal, dumping { $0.blocked = dumps }),
            asked(.signalIgnored, .signal, byName(SIGHUP)) { $0.ignored = SignalSet(signal: SIGHUP) },
            asked(.signalNotCaught, .signal, byName(SIGHUP)),
            asked(.signalWritesReport, .signal, byName(SIGUSR2)) { [options] in
                options("--report-on-signal")(&$0)
                $0.caught.insert(dumps)
            },
            asked(.signalOpensInspector, .signal, byName(SIGUSR1)),
            row(.callWouldBreakBySignal, .signal, dumping { $0.signal.callThatBreaks = "read" }),
            row(.writingForbidden, .signal, dumping { $0.inspector.hints.permissionModel = true }),
            row(.placeHidden, .signal, dumping { $0.argumentsAreOverwritten = true }),
            row(.placeMissing, .signal, place(.missing)),
            row(.placeRemoved, .signal, place(.deleted)),
            row(.placeNotWritable, .signal, place(.notWritable(errno: EACCES))),
            row(.placeTooFull, .signal, place(nil, free: 1 << 20)),
            row(.filesTooLimited, .signal, dumping { $0.signal.limits.fileSize = 1 << 20 }),
            row(.noDescriptorForFile, .signal, dumping { $0.signal.limits.openFiles = 1 }),
            asked(.excludedByNoPtrace, .ptrace, { $0.allowsPtrace = false }),
            asked(.ptraceUnsupported, .ptrace, { $0.allowsPtrace = true }, of: { $0.ptrace.isSupported = false }),
            asked(.ptraceForbidden, .ptrace, { $0.allowsPtrace = true }) {
                $0.ptrace.refusal = PermissionRefusal(
                    pid: 1, refused: "/proc/1/mem", errno: EACCES, targetUser: 0, ourUser: 0, cause: .ptraceScope(1))
            },
            asked(.pauseTooLong, .signal, { $0.maxPause = 0.001 }, of: dumping { _ in }),
        ])
    }

    @Test func tellWhyAMethodIsTaken() throws {
        func codes(_ facts: TargetFacts, signal: Int32? = nil) throws -> [ReasonCode] {
            try plans.plan(facts) { $0.signal = signal }.steps.map(\.code)
        }
        let usr2 = SignalSet(signal: SIGUSR2)
        #expect(
            try codes(plans.plain { $0.inspector.port = 9229 }).map(\.rawValue) == [
                "fork-by-open-inspector", "inspector-open",
            ])
        #expect(try codes(plans.plain()).map(\.rawValue) == ["fork-by-sigusr1", "sigusr1-opens-inspector"])
        let option = plans.plain("--heapsnapshot-signal=SIGUSR2") { $0.caught.insert(usr2) }
        let addon = plans.plain {
            $0.caught.insert(usr2)
            $0.signal.addon = HeapdumpAddon(path: "/a.node", signalIsOff: false)
        }
        let named = plans.plain { $0.caught.insert(usr2) }
        #expect(
            try plans.plan(plans.plain()) {
                $0.allowsPtrace = true
                $0.method = .ptrace
            }.steps.map(\.code.rawValue) == ["fork-by-ptrace"])
        #expect(try codes(option).last?.rawValue == "signal-option")
        #expect(try codes(addon).last?.rawValue == "signal-of-addon")
        #expect(try codes(named, signal: SIGUSR2).map(\.rawValue) == ["signal-named"])
    }

    // After a signal

    @Test func tellWhatCameOfSIGUSR1() {
        func expect(_ code: ReasonCode, _ change: (inout OpeningDiagnosis) -> Void) {
            var diagnosis = OpeningDiagnosis()
            change(&diagnosis)
            #expect(diagnosis.refusal.code == code)
        }
        expect(.openingFailed, { $0.failure = "Starting inspector on x failed" })
        expect(.portHeld, { $0.portHolder = "process 7" })
        expect(.heldUpAfterSignal, { $0.isHeldUp = true })
        expect(.notOpened, { $0.loopTurned = true })
        expect(.waitsForChild, { ($0.loopTurned, $0.mayWaitForChild) = (true, true) })
        expect(.busyAfterSignal, { _ in })
    }

    /// What shows in the middle of a run alone.
    @Test func tellWhatTheRunMet() {
        let rows: [(ReasonCode, Refusal)] = [
            (.noInspectorAmongSockets, .noInspectorAmongSockets), (.forkRefused, .forkRefused(step: "", errno: EAGAIN)),
            (.tooManyWorkers, .tooManyWorkers(most: 4096)), (.workersOutOfReach, .workersOutOfReach(reason: "x")),
            (.signalNoLongerCaught, .signalNoLongerCaught(SIGUSR2)),
            (.strangerAppeared, .strangerAppeared("/x.heapsnapshot", SIGUSR2)),
            (.neverRests, .neverRests), (.memoryTooTight, .memoryTooTight(reason: "x")),
            (.forkFailed, .failed(.forkFailed, message: "x")),
        ]
        for (code, refusal) in rows { #expect(refusal.code == code && !refusal.reason.isEmpty) }
    }

    // Failures

    @Test func tellEachFailure() {
        let refused = OutputError.system(operation: "open", path: "/x", code: EACCES)
        let rows: [(ReasonCode, DumpFailure)] = [
            (.noMethod, .noMethod([MethodRefusal(method: .fork, .frozen), MethodRefusal(method: .signal, .stopped)])),
            // What the command line leaves.
            (
                .frozen,
                .noMethod([MethodRefusal(method: .fork, .frozen), MethodRefusal(method: .signal, .excludedBySignal)])
            ),
            (.targetDied, .targetDied(.building, bytes: 0)), (.targetEndedAfterSignal, .endedAfterSignal(nil)),
            (.targetReplaced, .targetReplaced(.building)), (.runTimedOut, .runTimedOut(seconds: 1, .building)),
            (.stalled, .stalled(seconds: 1, .building, lastSeen: "")), (.tooSlow, .tooSlow(.building)),
            (.snapshotInvalid, .invalid(.empty, kept: nil)), (.snapshotEndless, .endless(bytes: 1, kept: nil)),
            (.inspectorLost, .inspectorLost(.building, .closed(reason: ""))), (.snapshotRefused, .snapshotRefused("")),
            (.forkFailed, .forkFailed("")), (.forkStarved, .forkStarved("")), (.cannotTakeBack, .cannotTakeBack("")),
            (.pauseTooLong, .pauseTooLong(seconds: 2, limit: 1)), (.memoryTooTight, .memoryTooTight("")),
            (.busy, .busy("")), (.interrupted, .interrupted(signal: SIGINT, .building)),
            (.cannotStart, .cannotStart("")),
            (.noSuchProcess, .process(.noSuchProcess(pid: 1))), (.processEnded, .process(.exited(pid: 1))),
            (.isThread, .process(.isThread(2, of: 1))), (.lookTimedOut, .process(.tookTooLong(pid: 1, seconds: 1))),
            (.notConnected, .process(.notConnected(address: "::1", port: 1, errno: ECONNREFUSED))),
            (.systemCallFailed, .process(.failed(what: "x", errno: EIO))),
            (.outputRefused, .output(refused)), (.outputExists, .output(.exists(path: "/x"))),
            (.outputNotAFile, .output(.notARegularFile(path: "/x", kind: "a pipe"))),
            (.outputTooFull, .output(.tooLittleSpace(path: "/x", available: 1, needed: 2))),
            (.outputTooLimited, .output(.fileSizeLimit(limit: 1))), (.outputPatternWrong, .output(.badPattern(""))),
        ]
        for (code, failure) in rows { #expect(failure.code == code) }
    }
}
