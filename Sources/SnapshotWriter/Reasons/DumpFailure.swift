import Glibc
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
        case .noMethod, .inspectorLost, .snapshotRefused, .forkFailed, .pauseTooLong: .noMethod
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
        case .noMethod, .inspectorLost(.openingInspector, _), .snapshotRefused, .forkFailed, .pauseTooLong,
            .memoryTooTight:
            true
        default: false
        }
    }

    /// `message` with the process that it is about.
    /// - Parameter handle: of that process, to say how it ended; nil if it was never looked at.
    func message(of pid: Int32, _ handle: ProcessHandle? = nil) -> String {
        // Those of looking at a process name it themselves.
        if case .process = self { return message }
        guard case .targetDied(let phase, let bytes) = self, let ending = handle.flatMap({ ProcessEnding.of($0) })
        else {
            return "process \(pid): \(message)"
        }
        return
            "process \(pid): it died \(Self.text(ending)) while \(phase.activity), after \(bytes) bytes; its standard error"
            + (ending == .signalled(SIGKILL) ? ", its memory limit and the kernel log (dmesg)" : "") + " may say why"
    }

    /// What failed, on what, why, and what to do next; safe for a terminal once escaped.
    public var message: String {
        switch self {
        case .process(let error):
            error.message
        case .noMethod(let refusals):
            "no method works\n" + refusals.grouped.map { "  \($0.methods): \($0.reason)" }.joined(separator: "\n")
        case .targetDied(let phase, let bytes):
            "it died while \(phase.activity), after \(bytes) bytes; "
                + (phase == .waiting
                    ? "its standard error may say why"
                    : "its memory limit, its standard error and the kernel log (dmesg) may say why")
        case .endedAfterSignal(let ending):
            "it ended right after SIGUSR1 was sent to open its inspector"
                + (ending.map { ", \(Self.text($0))" } ?? "") + "; its standard error may say why"
        case .busy(let reason):
            reason
        case .targetReplaced(let phase):
            "it replaced itself with another program (exec) while \(phase.activity)"
        case .runTimedOut(let seconds, let phase):
            "timed out after \(Self.text(seconds)) s while \(phase.activity)" + phase.aftermath
        case .stalled(let seconds, let phase, let lastSeen):
            "next to nothing came from it and it used hardly any CPU for \(Self.text(seconds)) s while \(phase.activity); "
                + lastSeen + phase.aftermath
        case .tooSlow(let phase):
            "it takes longer than any dump of a process of its size, while \(phase.activity); give it longer with --timeout"
                + phase.aftermath
        case .output(let error):
            error.message
        case .invalid(let verdict, let kept):
            "the snapshot is not valid: \(verdict.explanation()); "
                + (kept.map { "what arrived is kept as \($0)" }
                    ?? "nothing was written (--keep-partial keeps what arrives)")
        case .endless(let bytes, let kept):
            "it has sent more than \(ByteText.text(bytes)), which no heap of a process of its size comes to: what answers there is most "
                + "likely not V8; look at the process, or try again; "
                + (kept.map { "what arrived is kept as \($0)" } ?? "nothing was written")
        case .inspectorLost(let phase, let error):
            "the inspector was lost while \(phase.activity): \(error.message); try again"
        case .memoryTooTight(let reason):
            reason
        case .snapshotRefused(let reason):
            "V8 refused to take a snapshot: \(reason)"
        case .forkFailed(let reason), .forkStarved(let reason):
            reason + "; the process itself goes on"
        case .cannotTakeBack(let reason):
            reason + "; what standard output has got cannot be taken back: try again, or dump into a file"
        case .pauseTooLong(let seconds, let limit):
            PauseLimit.refusal(seconds: seconds, limit: limit)
        case .interrupted(let signal, let phase):
            "ended by \(Self.name(ofSignal: signal)) while \(phase.activity)" + phase.aftermath
        case .cannotStart(let reason):
            reason
        }
    }

    private static func text(_ ending: ProcessEnding) -> String {
        switch ending {
        case .exited(let status): "with exit status \(status)"
        case .signalled(let signal): "by \(SignalName.text(signal))"
        }
    }

    private static func name(ofSignal signal: Int32) -> String {
        switch signal {
        case SIGHUP: "SIGHUP"
        case SIGINT: "SIGINT"
        case SIGTERM: "SIGTERM"
        default: "signal \(signal)"
        }
    }

    private static func text(_ seconds: Double) -> String {
        seconds == seconds.rounded() && seconds < 1e9 ? String(Int(seconds)) : String(seconds)
    }
}

extension DumpPhase {
    /// Continues a sentence that begins "while".
    var activity: String {
        switch self {
        case .looking: "looking at the process"
        case .openingInspector: "opening the inspector"
        case .waiting: "waiting for it to begin"
        case .building: "V8 was building the snapshot"
        case .childBuilding: "a forked copy of it was building the snapshot"
        case .writing, .childWriting: "the snapshot was being written"
        case .checking: "the snapshot was being published"
        }
    }

    /// V8 has no way to stop a snapshot that it has begun.
    var aftermath: String {
        switch self {
        case .building, .writing:
            "; V8 cannot be stopped in mid-snapshot, so the process may stay busy for a while, then it goes on"
        case .looking, .openingInspector, .waiting, .childBuilding, .childWriting, .checking: ""
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
