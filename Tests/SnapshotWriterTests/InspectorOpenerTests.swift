import Glibc
import Inspector
import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

/// How an inspector is opened and closed again, without a process that has one.
@Suite struct InspectorOpenerTests {
    private final class Scene {
        let run: FakeRun
        let process: FakeProcess
        let inspector: FakeInspector
        let host: FakeHost

        init() throws {
            run = try FakeRun()
            process = try FakeProcess()
            inspector = try FakeInspector(of: process, run.clock)
            host = FakeHost(process, inspector)
            run.context.waiter.watch(process)
        }

        var clock: FakeClock { run.clock }
        var guardian: [FakeGuardian.Call] { host.guardian.calls }

        func open() throws -> InspectorAccess { try InspectorOpener(host: host, context: run.context).open() }
        func refusal() -> DumpFailure? { failure { _ = try open() } }

        /// - Parameter delay: after the signal.
        func opensByItself(after delay: Duration) {
            process.onSignal = { [unowned self] _ in clock.after(delay) { self.inspector.open() } }
        }

        func use<Result>(_ body: (InspectorDialogue) throws -> Result) throws -> Result {
            try InspectorUse(
                opener: InspectorOpener(host: host, context: run.context), target: process, patience: run.patience(),
                context: run.context
            ).run { dialogue, _ in try body(dialogue) }
        }
    }

    // Opening

    @Test func usesAnInspectorThatIsOpenAndLeavesItOpen() throws {
        let scene = try Scene()
        scene.inspector.open()
        let access = try scene.open()
        guard case .leftOpen = access.release(patience: .seconds(5)) else {
            Issue.record("closed")
            return
        }
        #expect(access.version == NodeVersion("22.20.0"))
        #expect(scene.process.sent.isEmpty && scene.guardian.isEmpty)
        #expect(scene.inspector.isOpen && scene.inspector.scripts.isEmpty)
        #expect(scene.inspector.sessions.map(\.isClosed) == [true])
    }

    @Test func opensItByOneSignal() throws {
        let scene = try Scene()
        scene.opensByItself(after: .milliseconds(20))
        let access = try scene.open()
        #expect(scene.process.sent == [SIGUSR1])
        #expect(scene.guardian == [.signal, .opened(77), .entrusted])
        #expect(scene.host.watchedPort == 9229)
        #expect(scene.clock.passed < .milliseconds(50))
        #expect(access.session === scene.inspector.sessions.first)
        #expect(scene.inspector.scripts.isEmpty)
    }

    /// A server's own socket, before the signal or after it, is not the inspector.
    @Test func takesNoOtherSocketForIt() throws {
        let scene = try Scene()
        let own = ListeningSocket(ipAddress: .loopbackV4, port: 3000, inode: 5)
        scene.process.sockets = [own]
        scene.process.onSignal = { _ in
            scene.process.sockets.append(ListeningSocket(ipAddress: .loopbackV4, port: 9229, inode: 6))
            scene.clock.after(.milliseconds(100)) { scene.inspector.open() }
        }
        _ = try scene.open()
        #expect(scene.guardian == [.signal, .opened(77), .entrusted])
    }

    @Test func sendsNothingIfAnotherHasThePort() throws {
        let scene = try Scene()
        scene.host.facts.inspector.portHolder = "process 7 (node b.js)"
        let refusal = try #require(scene.refusal())
        #expect(refusal.code == .portHeld && refusal.message.contains("process 7 (node b.js)"))
        #expect(scene.process.sent.isEmpty && scene.guardian.isEmpty)
    }

    /// On an address that does not exclude Node's, as far as can be seen before.
    @Test func saysWhoTookThePort() throws {
        let scene = try Scene()
        scene.host.holder = "process 7 (node b.js)"
        let refusal = try #require(scene.refusal())
        #expect(refusal.code == .portHeld && refusal.message.contains("process 7 (node b.js)"))
        #expect(scene.process.sent == [SIGUSR1])
        // The event loop has turned: nothing opens any more.
        #expect(scene.guardian == [.signal, .dismissed, .takenOver])
        #expect((.seconds(6)...(.seconds(7))).contains(scene.clock.passed))
    }

    @Test func readsInTheProcesssOwnErrorsWhyItDidNotOpen() throws {
        let scene = try Scene()
        scene.process.onSignal = { _ in
            scene.clock.after(.milliseconds(30)) { scene.host.failure = "Starting inspector on 127.0.0.1:9229 failed" }
        }
        #expect(scene.refusal()?.code == .openingFailed)
        #expect(scene.clock.passed < .milliseconds(100))
        #expect(scene.guardian == [.signal, .dismissed, .takenOver])
    }

    @Test func sendsNothingToANode18ThatNeverRests() throws {
        let scene = try Scene()
        scene.host.version = NodeVersion("18.4.0")
        scene.process.beBusy()
        #expect(scene.refusal()?.code == .neverRests)
        #expect((.seconds(10)...(.milliseconds(10_100))).contains(scene.clock.passed))
        #expect(scene.process.sent.isEmpty)
        // One that has not been told of a signal has nothing to guard.
        #expect(scene.guardian.isEmpty)
    }

    @Test func waitsForAMomentOfRest() throws {
        let scene = try Scene()
        scene.host.version = NodeVersion("18.4.0")
        scene.process.beBusy()
        scene.clock.after(.seconds(4)) { scene.process.beIdle() }
        scene.opensByItself(after: .milliseconds(20))
        _ = try scene.open()
        #expect((.seconds(4)...(.milliseconds(4100))).contains(scene.clock.passed))
    }

    /// In native code for longer than anybody waits: the guardian closes what opens then.
    @Test func leavesWhatOpensTooLateToTheGuardian() throws {
        let scene = try Scene()
        scene.process.onSignal = { _ in
            scene.process.beBusy()
            scene.clock.after(.seconds(30)) { scene.inspector.open() }
        }
        let refusal = try #require(scene.refusal())
        #expect(refusal.code == .busyAfterSignal)
        #expect((.seconds(10)...(.milliseconds(10_100))).contains(scene.clock.passed))
        #expect(scene.guardian == [.signal, .takenOver])
    }

    @Test func saysThatTheSignalIsHeldUp() throws {
        let scene = try Scene()
        scene.process.onSignal = { scene.process.pending = SignalSet(signal: $0) }
        #expect(scene.refusal()?.code == .heldUpAfterSignal)
        #expect(scene.guardian == [.signal, .takenOver])
    }

    @Test func sendsNothingWhereNobodyCatchesTheSignal() throws {
        let scene = try Scene()
        scene.process.caught = []
        scene.host.facts.caught = []
        #expect(scene.refusal()?.code == .sigusr1NotCaught)
        // It gets a second to install its handler.
        #expect((.seconds(1)...(.milliseconds(1100))).contains(scene.clock.passed))
        #expect(scene.process.sent.isEmpty)
    }

    @Test func waitsForAHandlerThatIsJustBeingInstalled() throws {
        let scene = try Scene()
        scene.process.caught = []
        scene.clock.after(.milliseconds(300)) { scene.process.caught = SignalSet(signal: SIGUSR1) }
        scene.opensByItself(after: .milliseconds(20))
        _ = try scene.open()
        #expect(scene.process.sent == [SIGUSR1])
    }

    /// What somebody else opens later is not heapdump's to close.
    @Test func aSignalThatCannotBeSentIsNotGuarded() throws {
        let scene = try Scene()
        scene.process.signalRefusal = .failed(what: "send signal 10", errno: EPERM)
        #expect(scene.refusal()?.code == .systemCallFailed)
        #expect(scene.guardian == [.signal, .dismissed])
    }

    @Test func saysThatTheSignalEndedIt() throws {
        let scene = try Scene()
        scene.process.onSignal = { _ in scene.clock.after(.milliseconds(5)) { scene.process.end(.signalled(SIGUSR1)) } }
        guard case .endedAfterSignal(.signalled(SIGUSR1))? = scene.refusal() else {
            Issue.record("not told")
            return
        }
        #expect(scene.guardian == [.signal, .takenOver])
    }

    @Test func anotherProgramIsNotSignalled() throws {
        let scene = try Scene()
        scene.process.state = .replaced
        #expect(scene.refusal()?.code == .targetReplaced)
        #expect(scene.process.sent.isEmpty)
    }

    @Test func anInterruptionLeavesTheInspectorToTheGuardian() throws {
        let scene = try Scene()
        scene.opensByItself(after: .seconds(9))
        scene.process.waitsForChild = true
        scene.clock.after(.seconds(2)) { scene.run.signals.send(SIGINT) }
        #expect(scene.refusal()?.code == .interrupted)
        #expect(scene.guardian == [.signal, .takenOver])
    }

    @Test func aSessionThatIsRefusedLeavesItToTheGuardian() throws {
        let scene = try Scene()
        scene.opensByItself(after: .milliseconds(20))
        scene.inspector.refusal = .closed(reason: "it hung up")
        #expect(scene.refusal()?.code == .inspectorLost)
        #expect(scene.guardian == [.signal, .opened(77), .takenOver])
    }

    // Closing

    @Test func closesWhatItOpened() throws {
        let scene = try Scene()
        scene.opensByItself(after: .milliseconds(20))
        scene.inspector.closingTime = .milliseconds(8)
        #expect(try scene.use { _ in 1 } == 1)
        #expect(!scene.inspector.isOpen)
        #expect(scene.inspector.sessions.map(\.isClosed) == [true])
        #expect(scene.guardian == [.signal, .opened(77), .entrusted, .closed, .dismissed])
        let report = scene.run.report()
        #expect(report.debugPortLeftOpen == false)
        #expect((20...50).contains(report.debugPortOpenMilliseconds ?? 0))
        #expect(report.target.runtimeVersion == nil && report.exitCode == .success)
    }

    /// Applications replace what closes it: the next way is tried.
    @Test func triesEachWayToCloseIt() throws {
        let scene = try Scene()
        scene.opensByItself(after: .milliseconds(20))
        scene.inspector.closing = [.text("refused"), .text("not there"), .exception("no"), .text("done")]
        try scene.use { _ in }
        #expect(!scene.inspector.isOpen)
        #expect(scene.inspector.scripts.count == 4 && Set(scene.inspector.scripts).count == 4)
        #expect(scene.guardian.last == .dismissed)
    }

    /// The answer says that it is closed, and it is not.
    @Test func believesTheSocketAndNotTheAnswer() throws {
        let scene = try Scene()
        scene.opensByItself(after: .milliseconds(20))
        scene.inspector.closingTime = .seconds(3600)
        try scene.use { _ in }
        let report = scene.run.report()
        #expect(report.debugPortLeftOpen == true && report.exitCode == .portLeftOpen)
        try #require(report.warnings.count == 1)
        #expect(report.warnings[0].contains("127.0.0.1:9229"))
        #expect(report.warnings[0].contains("replaced all that JavaScript closes it by"))
        // Its connection is the guardian's too, and goes on.
        #expect(scene.inspector.sessions.map(\.isAbandoned) == [true])
        #expect(scene.guardian == [.signal, .opened(77), .entrusted, .takenOver])
    }

    @Test func leavesABusyOneToTheGuardian() throws {
        let scene = try Scene()
        scene.opensByItself(after: .milliseconds(20))
        scene.inspector.closing = [.nothing]
        try scene.use { _ in }
        #expect((.seconds(5)...(.milliseconds(5100))).contains(scene.clock.passed))
        #expect(scene.guardian == [.signal, .opened(77), .entrusted, .takenOver])
        #expect(scene.run.report().warnings.first?.contains("has had no time to close it yet") == true)
    }

    /// The session ends with the inspector, before anybody answers.
    @Test func aLostSessionIsTheInspectorsEnd() throws {
        let scene = try Scene()
        scene.opensByItself(after: .milliseconds(20))
        scene.inspector.closing = [.hangUp]
        try scene.use { _ in scene.clock.after(.seconds(1)) { scene.inspector.close() } }
        #expect(!scene.inspector.isOpen)
        #expect(scene.guardian.suffix(2) == [.closed, .dismissed])
    }

    /// Node opens it once more in a process that was busy: the guardian is not let go.
    @Test func watchesForASecondOpening() throws {
        let scene = try Scene()
        scene.opensByItself(after: .milliseconds(20))
        scene.host.threadsHaveReturned = false
        try scene.use { _ in }
        #expect(scene.guardian == [.signal, .opened(77), .entrusted, .closed])
        scene.host.threadsHaveReturned = true
        // It has opened again, by the time that the run ends.
        scene.inspector.open()
        #expect(scene.run.report().debugPortLeftOpen == false)
        #expect(scene.guardian == [.signal, .opened(77), .entrusted, .closed])
    }

    @Test func letsTheGuardianGoOnceNothingOpensAnyMore() throws {
        let scene = try Scene()
        scene.opensByItself(after: .milliseconds(20))
        scene.host.threadsHaveReturned = false
        try scene.use { _ in }
        #expect(scene.guardian.last == .closed)
        scene.host.threadsHaveReturned = true
        _ = scene.run.report()
        #expect(scene.guardian.last == .dismissed)
    }

    @Test func closesItWhateverFails() throws {
        let scene = try Scene()
        scene.opensByItself(after: .milliseconds(20))
        #expect(failure { try scene.use { _ in throw DumpFailure.snapshotRefused("no") } }?.code == .snapshotRefused)
        #expect(!scene.inspector.isOpen)
        #expect(scene.guardian.last == .dismissed)
    }

    // Talking

    @Test func takesTheAnswerToItsQuestion() throws {
        let scene = try Scene()
        scene.inspector.open()
        scene.inspector.answer = { .text($0 + "!") }
        let text = try scene.use { dialogue in
            scene.inspector.sessions[0].arrive(.answer(id: 99, .failure("another's")))
            return try dialogue.evaluate("1", inWorker: nil, hasRequire: false).text
        }
        #expect(text == "1!")
    }

    @Test func givesUpATargetThatDoesNotAnswer() throws {
        let scene = try Scene()
        scene.inspector.open()
        scene.process.mainThread = MainThreadActivity(state: "S", cpuTime: .zero, blockedIn: "read")
        let failure = failure { _ = try scene.use { try $0.evaluate("1", inWorker: nil, hasRequire: false) } }
        #expect(failure?.code == .stalled)
        #expect(failure?.message.contains("its main thread is blocked in read") == true)
        #expect((.seconds(120)...(.seconds(121))).contains(scene.clock.passed))
    }

    /// The agent is called through the same session.
    @Test func carriesScriptsOfTheAgent() throws {
        let scene = try Scene()
        scene.inspector.open()
        for (answer, expected) in [
            (FakeInspector.Answer.text("7"), ScriptResult.text("7")), (.exception("Error: no"), .failure("Error: no")),
            (.failure("not now"), .failure("not now")),
        ] {
            scene.inspector.answer = { _ in answer }
            let result = try scene.use {
                try InspectorTransport(dialogue: $0, worker: nil).evaluate("1", hasRequire: false)
            }
            #expect(result == expected)
        }
    }

    /// Answers of the main thread are not the worker's.
    @Test func takesAWorkersAnswerForAWorkersQuestion() throws {
        let scene = try Scene()
        scene.inspector.open()
        scene.inspector.answer = { _ in .text("main") }
        let answer = try scene.use { dialogue in
            scene.clock.after(.seconds(1)) {
                let session = scene.inspector.sessions[0]
                session.arrive(.fromWorker(session: "other", .answer(id: 1, .failure("another's"))))
                session.arrive(.fromWorker(session: "worker", .answer(id: 1, .failure("its own"))))
            }
            return try dialogue.evaluate("1", inWorker: "worker", hasRequire: false)
        }
        guard case .failure("its own") = answer else {
            Issue.record("\(answer)")
            return
        }
    }

    @Test func aConnectionThatIsLostIsNoAnswer() throws {
        let scene = try Scene()
        scene.inspector.open()
        scene.inspector.answer = { _ in .hangUp }
        #expect(
            failure { _ = try scene.use { try $0.evaluate("1", inWorker: nil, hasRequire: false) } }?.code
                == .inspectorLost)
    }

    /// Its connections end a moment before it does.
    @Test func aConnectionThatIsLostIsOftenTheTargetsEnd() throws {
        for (end, code) in [(true, ReasonCode.targetDied), (false, .targetReplaced)] {
            let scene = try Scene()
            scene.inspector.open()
            scene.inspector.answer = { _ in
                scene.clock.after(.milliseconds(100)) {
                    if end { scene.process.end() } else { scene.process.state = .replaced }
                }
                return .hangUp
            }
            let failure = failure { _ = try scene.use { try $0.evaluate("1", inWorker: nil, hasRequire: false) } }
            #expect(failure?.code == code)
        }
    }

    @Test func takesNoOtherMessagesWithoutEnd() throws {
        let scene = try Scene()
        scene.inspector.open()
        let failure = failure {
            _ = try scene.use { dialogue in
                let session = scene.inspector.sessions[0]
                for time in 0..<1000 {
                    scene.clock.after(.seconds(time)) {
                        session.bytesTaken += InspectorLimits.bytesBeforeAnswer / 10
                        session.arrive(.event("Runtime.consoleAPICalled"))
                    }
                }
                return try dialogue.evaluate("1", inWorker: nil, hasRequire: false)
            }
        }
        #expect(failure?.code == .inspectorLost)
        #expect((.seconds(9)...(.seconds(12))).contains(scene.clock.passed))
    }
}

extension InspectorAnswer {
    fileprivate var text: String? {
        if case .result(let result) = self { result.text } else { nil }
    }
}
