import Glibc
import Linux
import NodeProcess

@testable import SnapshotWriter

/// Where `InspectorOpener` looks for a `FakeInspector`.
final class FakeHost: InspectorHost {
    let fake: FakeProcess
    let inspector: FakeInspector
    let guardian = FakeGuardian()
    var runtime = Runtime.node
    var version = NodeVersion("22.20.0")
    var port: UInt16? = 9229
    /// As it is read before the signal.
    var facts: TargetFacts
    /// Who else listens where the inspector would.
    var holder: String?
    /// A line on the process's standard error.
    var failure: String?
    /// Whether the threads that the signal woke wait again.
    var threadsHaveReturned = true
    var calls: UInt64 = 0
    private(set) var watchedPort: UInt16?

    init(_ process: FakeProcess, _ inspector: FakeInspector) {
        fake = process
        self.inspector = inspector
        facts = TargetFacts()
        facts.pid = process.pid
        facts.caught = SignalSet(signal: SIGUSR1)
        facts.inspector.hints = InspectorHints(arguments: ["node", "a.js"], nodeOptions: [])
        facts.inspector.handledSignals = []
    }

    var process: any LiveProcess { fake }
    var search: any InspectorSearch { inspector }
    func readFacts(patience: Duration) throws -> TargetFacts { facts }
    func lockPort() throws -> AnyObject? { nil }
    func portHolder(besides own: [ListeningSocket]) -> String? { holder }

    /// A program that serves somebody.
    func countCalls() -> UInt64? {
        calls += 100
        return calls
    }

    func startGuardian(present: [ListeningSocket]) throws -> any Guardian { guardian }
    func startWorkerGuardians() throws -> WorkerGuardians { WorkerGuardians(guardians: []) }

    func lookBeforeSignal() -> BeforeSignal {
        BeforeSignal(
            failure: { self.failure },
            secondOpening: { SecondOpening(turns: nil) { self.threadsHaveReturned } },
            watchPort: { self.watchedPort = $0 }, strangers: { [] })
    }
}

final class FakeGuardian: Guardian {
    enum Call: Equatable {
        case signal
        case opened(UInt64)
        case entrusted
        case closed
        case dismissed
        case takenOver
    }

    private(set) var calls: [Call] = []

    func announceSignal() { calls.append(.signal) }
    func announceOpened(inode: UInt64) { calls.append(.opened(inode)) }
    func entrust(_ connection: Int32) { calls.append(.entrusted) }
    func announceClosed() { calls.append(.closed) }
    func dismiss() { calls.append(.dismissed) }
    func takeOver() { calls.append(.takenOver) }
}
