import Glibc
import HeapSnapshot
import Inspector
import Linux
import NodeProcess

extension DumpFailure {
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
        case .forkFailed(let reason), .forkFiltered(let reason), .forkStarved(let reason):
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
