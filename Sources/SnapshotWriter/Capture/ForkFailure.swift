import Glibc
import NodeProcess

/// What a forked copy's end says.
enum ForkFailure {
    /// A clause without what follows from it.
    static func reason(_ last: AgentStatus?) -> String {
        guard let last else { return "a forked copy of it ended, and nobody told how" }
        let error = last.error ?? ""
        switch (last.signal ?? 0, last.exitStatus ?? -1) {
        case (SIGKILL, _):
            return "a forked copy of it was killed (SIGKILL), by the kernel for lack of memory most likely" + peak(last)
        case (SIGALRM, _): return "a forked copy of it did not come to an end in time"
        case (let signal, _) where signal != 0:
            return "a forked copy of it crashed (\(SignalName.text(signal)))" + peak(last)
        case (_, AgentStatus.ChildStatus.mustWait):
            return "a forked copy of it came to wait for a thread that it does not have"
        case (_, AgentStatus.ChildStatus.threw): return "V8 refused to take a snapshot in a forked copy: \(error)"
        case (_, AgentStatus.ChildStatus.notSetUp): return "a forked copy of it could not be set up: \(error)"
        case (_, AgentStatus.ChildStatus.notBegun): return "a forked copy of it waited too long for the word to begin"
        case (_, let code): return "a forked copy of it ended with status \(code)"
        }
    }

    private static func peak(_ last: AgentStatus) -> String {
        last.peakKilobytes.map { " at \($0 >> 10) MiB" } ?? ""
    }

    /// For the last copy: whether another method may do better.
    static func failure(_ last: AgentStatus?, memoryBytes: UInt64) -> DumpFailure {
        let reason = reason(last)
        switch last?.signal ?? 0 {
        case 0: return .forkFailed(reason)
        case SIGKILL, SIGALRM: return .forkStarved(reason)
        default:
            // What V8 does where it gets no more memory is a crash as well.
            let isAtLimit = (last?.peakKilobytes ?? 0) << 10 > memoryBytes / 4 * 3
            return isAtLimit ? .forkStarved(reason + ", which is the limit of its memory") : .forkFailed(reason)
        }
    }
}
