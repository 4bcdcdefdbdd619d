import Linux
import NodeProcess

/// A process that heapdump works on, as it is from moment to moment.
protocol LiveProcess {
    var pid: Int32 { get }
    /// Readable once the process has ended.
    var descriptor: Int32 { get }
    var isAlive: Bool { get }
    func programState() -> TargetProcess.ProgramState
    /// Of its main thread.
    func activity() throws(ProcessError) -> MainThreadActivity
    /// Whether a cgroup keeps it from running.
    func isFrozen() throws(ProcessError) -> Bool
    func signals() throws(ProcessError) -> SignalMasks
    /// Whether an idle main thread may be waiting for a child process (execSync).
    func mayWaitForChild() -> Bool
    /// Those that it holds itself.
    func listeningSockets() throws(ProcessError) -> [ListeningSocket]
    func send(_ signal: Int32) throws(ProcessError)
    /// How it ended; nil if it runs, or nobody tells.
    func ending() -> ProcessEnding?
    /// CPU time of the copies that write its snapshot; nil if there is none.
    func timeOfForks() throws(ProcessError) -> Duration?
}

/// A process that is held by its handle.
struct HeldProcess: LiveProcess {
    let handle: ProcessHandle
    let state: () -> TargetProcess.ProgramState

    init(_ target: TargetProcess) {
        handle = target.handle
        state = target.programState
    }

    /// - Parameter program: what it runs as long as it is the same.
    init(_ handle: ProcessHandle, _ program: ProgramIdentity) {
        self.handle = handle
        state = {
            if let now = try? ProgramIdentity.read(handle), now != program { return .replaced }
            return handle.isAlive ? .runs : .ended
        }
    }

    var pid: Int32 { handle.pid }
    var descriptor: Int32 { handle.descriptor }
    var isAlive: Bool { handle.isAlive }
    func programState() -> TargetProcess.ProgramState { state() }
    func activity() throws(ProcessError) -> MainThreadActivity { try .read(handle) }
    func isFrozen() throws(ProcessError) -> Bool { try Freezer.isFrozen(handle) }
    func signals() throws(ProcessError) -> SignalMasks { try .read(handle) }
    func mayWaitForChild() -> Bool { handle.mayWaitForChild() }
    func listeningSockets() throws(ProcessError) -> [ListeningSocket] { try ListeningSockets.owned(by: handle) }
    func send(_ signal: Int32) throws(ProcessError) { try handle.send(signal) }
    func ending() -> ProcessEnding? { .of(handle) }
    func timeOfForks() throws(ProcessError) -> Duration? { try SnapshotForks.cpuTime(handle) }
}

extension LiveProcess {
    /// Sleeps until it ends, `duration` at most.
    /// - Returns: whether it has ended.
    @discardableResult
    func ends(within duration: Duration, by clock: any RunClock) -> Bool {
        clock.wait(for: descriptor, atMost: duration) || !isAlive
    }

    /// The same pid may run another program by now: exec keeps it, and takes all handlers away.
    func checkProgram(_ waiter: Waiter) throws(DumpFailure) {
        switch programState() {
        case .runs: break
        case .replaced: throw .targetReplaced(waiter.phase)
        case .ended:
            // It shows as ended a moment after its memory is gone; how it ended, then.
            ends(within: .seconds(2), by: waiter.clock)
            throw .targetDied(waiter.phase, bytes: waiter.bytes)
        }
    }

    /// Node lets go of its connections a moment before it ends or becomes another program.
    func checkLoss(_ waiter: Waiter) throws(DumpFailure) {
        if ends(within: .seconds(1), by: waiter.clock) { throw .targetDied(waiter.phase, bytes: waiter.bytes) }
        try checkProgram(waiter)
    }
}
