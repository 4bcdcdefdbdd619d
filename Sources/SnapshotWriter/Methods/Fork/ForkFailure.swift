import Glibc
import Linux
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
        case (SIGSYS, _):
            return "a forked copy of it was ended by the process's system call filter (SIGSYS, see seccomp(2))"
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
    static func failure(_ last: AgentStatus?) -> DumpFailure {
        let reason = reason(last)
        // In the process itself nothing is called that Node does not call anyway.
        if last?.signal == SIGSYS { return .forkFiltered(reason) }
        guard let last, last.signal ?? 0 == 0 else { return .forkStarved(reason + warning(last)) }
        // It began too late, on a machine that has no time for it.
        return last.exitStatus == AgentStatus.ChildStatus.notBegun ? .forkStarved(reason) : .forkFailed(reason)
    }

    /// V8 ends its process where it gets no more memory, and what ends a copy would end the process.
    private static func warning(_ last: AgentStatus?) -> String {
        switch last?.signal {
        case SIGALRM?, nil: ""
        default: ", and a snapshot in the process itself (--method inspector) might end it in the same way"
        }
    }
}
