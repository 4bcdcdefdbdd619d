/// What heapdump's exit status means. 0 is a published, valid snapshot, or the answer to what was asked; 1 is never used, so that a script can tell
/// heapdump's own answers from those of a shell or a wrapper. Numbers follow sysexits.h where it has a fitting one.
public enum ExitCode: Int32, CaseIterable, Sendable {
    case success = 0
    case usage = 64
    case snapshotInvalid = 65
    case noSuchProcess = 66
    case notNode = 67
    case targetDied = 68
    case noMethod = 69
    case internalError = 70
    case outOfMemory = 71
    case memoryTooTight = 72
    case outputError = 73
    case inputError = 74
    case timedOut = 75
    case portLeftOpen = 76
    case notPermitted = 77
    case severalMatch = 78
    case growthFound = 81
    case hungUp = 129
    case interrupted = 130
    case terminated = 143

    /// One line for `--help` and the README.
    public var summary: String {
        switch self {
        case .success: "the snapshot is valid and stands under its final name; an analysis is done"
        case .usage: "the command line is wrong"
        case .snapshotInvalid: "the snapshot is not valid"
        case .noSuchProcess: "there is no such process, or it has exited; no such object or class"
        case .notNode: "the process is not Node"
        case .targetDied: "the process died during the dump"
        case .noMethod: "no method works on this process"
        case .internalError: "heapdump itself failed"
        case .outOfMemory:
            "the forked copy of the process ran out of memory or time, or crashed; the process itself goes on"
        case .memoryTooTight:
            "there is too little memory for a dump or an analysis, so none was begun; --force-memory tries all the same"
        case .outputError: "the snapshot, the report, the database or standard output cannot be written"
        case .inputError: "a file to check or to analyse, or a pid file, cannot be read"
        case .timedOut:
            "timed out, or something temporary is in the way (a busy inspector port, another dump, a guardian): try again"
        case .portLeftOpen:
            "the snapshot is valid and in place, but the debug port that heapdump opened is still open, or somebody else connected to it"
        case .notPermitted: "not permitted to look into the process"
        case .severalMatch: "several processes match --name"
        case .growthFound: "an expression of diff --fail-if matches"
        case .hungUp: "ended by SIGHUP"
        case .interrupted: "interrupted by SIGINT (Ctrl-C)"
        case .terminated: "ended by SIGTERM"
        }
    }

    init(endedBy signal: Int32) {
        self = ExitCode(rawValue: 128 + signal) ?? .terminated
    }
}
