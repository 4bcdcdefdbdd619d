public import HeapSnapshot
public import Inspector
public import NodeProcess

/// Why there is no snapshot.
public enum DumpFailure: Error {
    case process(ProcessError)
    case noMethod([MethodRefusal])
    case targetDied(DumpPhase, bytes: UInt64)
    /// It ended before anything came of SIGUSR1, and how, where the kernel tells.
    case endedAfterSignal(ProcessEnding?)
    /// exec: the same pid, another program.
    case targetReplaced(DumpPhase)
    case runTimedOut(seconds: Double, DumpPhase)
    case stalled(seconds: Double, DumpPhase, lastSeen: String)
    /// It takes longer than any dump of a process of its size.
    case tooSlow(DumpPhase)
    case output(OutputError)
    case invalid(SnapshotVerdict, kept: String?)
    /// It sends more than a process of its size has.
    case endless(bytes: UInt64, kept: String?)
    case inspectorLost(DumpPhase, InspectorError)
    case snapshotRefused(String)
    /// The forked child has written no whole snapshot; the target is as it was.
    case forkFailed(String)
    /// The same, and so would any other copy: the process's system call filter has ended it.
    case forkFiltered(String)
    /// The same for lack of memory or of time, so that no other way is to be tried.
    case forkStarved(String)
    /// Standard output has got a part of a snapshot that failed, so that no other can follow.
    case cannotTakeBack(String)
    case pauseTooLong(seconds: Double, limit: Double)
    /// Too little memory by the estimate; nothing was begun.
    case memoryTooTight(String)
    /// Something is in the way that goes by itself, and did not go in time.
    case busy(String)
    case interrupted(signal: Int32, DumpPhase)
    case cannotStart(String)

    /// One method does not work on this process.
    static func refused(_ method: SnapshotRequest.Method, _ refusal: Refusal) -> DumpFailure {
        .noMethod([MethodRefusal(method: method, refusal)])
    }

    /// Whether the remaining processes of the run are left alone.
    public var endsTheRun: Bool {
        switch self {
        case .interrupted, .runTimedOut: true
        default: false
        }
    }

    public var exitCode: ExitCode {
        switch self {
        case .process(let error): error.exitCode
        case .noMethod(let refusals) where refusals.contains(where: \.isForMemory): .memoryTooTight
        case .memoryTooTight: .memoryTooTight
        case .noMethod(let refusals) where refusals.contains(where: { $0.refusal.kind == .temporary }): .timedOut
        case .busy: .timedOut
        case .noMethod, .inspectorLost, .snapshotRefused, .forkFailed, .forkFiltered, .pauseTooLong: .noMethod
        case .forkStarved: .outOfMemory
        case .targetDied, .targetReplaced, .endedAfterSignal: .targetDied
        case .runTimedOut, .stalled, .tooSlow: .timedOut
        case .output: .outputError
        case .invalid, .endless, .cannotTakeBack: .snapshotInvalid
        case .interrupted(let signal, _): ExitCode(endedBy: signal)
        case .cannotStart: .internalError
        }
    }

    /// Whether the target is as it was, so that another method may be tried.
    var allowsNextMethod: Bool {
        switch self {
        case .noMethod, .inspectorLost(.openingInspector, _), .snapshotRefused, .forkFailed, .forkFiltered,
            .pauseTooLong,
            .memoryTooTight:
            true
        default: false
        }
    }
}

extension ProcessError {
    public var exitCode: ExitCode {
        switch self {
        case .noSuchProcess, .exited, .isThread: .noSuchProcess
        case .notNode: .notNode
        case .notPermitted: .notPermitted
        case .notConnected: .noMethod
        case .tookTooLong: .timedOut
        case .failed: .internalError
        }
    }
}
