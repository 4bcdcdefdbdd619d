import Glibc
import NodeProcess

@testable import Linux
@testable import SnapshotWriter

/// A process that is nowhere: an idle Node, until the test says otherwise.
final class FakeProcess: LiveProcess {
    let pid: Int32 = 4242
    private let ended: Event
    private(set) var isAlive = true
    var state = TargetProcess.ProgramState.runs
    var mainThread = MainThreadActivity(state: "S", cpuTime: .zero, blockedIn: "epoll_wait")
    var caught = SignalSet(signal: SIGUSR1).union(SignalSet(signal: SIGUSR2))
    var pending: SignalSet = []
    var waitsForChild = false
    var isFrozenNow = false
    var sockets: [ListeningSocket] = []
    /// What a signal does.
    var onSignal: (Int32) -> Void = { _ in }
    /// Why none can be sent.
    var signalRefusal: ProcessError?
    private(set) var sent: [Int32] = []
    private var how: ProcessEnding?

    init() throws { ended = try Event() }

    func end(_ how: ProcessEnding? = nil) {
        self.how = how
        isAlive = false
        state = .ended
        sockets = []
        ended.signal()
    }

    /// In the middle of JavaScript.
    func beBusy() { mainThread = MainThreadActivity(state: "R", cpuTime: .zero, blockedIn: nil) }
    func beIdle() { mainThread = MainThreadActivity(state: "S", cpuTime: .zero, blockedIn: "epoll_wait") }

    var descriptor: Int32 { ended.descriptor }
    func programState() -> TargetProcess.ProgramState { state }
    func activity() throws(ProcessError) -> MainThreadActivity { try look(mainThread) }
    func isFrozen() throws(ProcessError) -> Bool { try look(isFrozenNow) }
    func signals() throws(ProcessError) -> SignalMasks {
        try look(SignalMasks(caught: caught, blocked: [], ignored: [], pending: pending))
    }
    func mayWaitForChild() -> Bool { waitsForChild }
    func listeningSockets() throws(ProcessError) -> [ListeningSocket] { try look(sockets) }
    func send(_ signal: Int32) throws(ProcessError) {
        _ = try look(())
        if let signalRefusal { throw signalRefusal }
        sent.append(signal)
        onSignal(signal)
    }
    func ending() -> ProcessEnding? { how }
    func timeOfForks() throws(ProcessError) -> Duration? { nil }

    private func look<Value>(_ value: Value) throws(ProcessError) -> Value {
        guard isAlive else { throw .exited(pid: pid) }
        return value
    }
}
