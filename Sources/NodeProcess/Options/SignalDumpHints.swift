import Glibc

/// What options say about Node's own dump on a signal.
public struct SignalDumpHints: Sendable, Equatable {
    /// Of --heapsnapshot-signal; `nil` where the option is missing or names no signal.
    public var signal: Int32?
    /// Of --diagnostic-dir, as given; where it is missing, dumps go to the working directory.
    public var diagnosticDirectory: String?

    /// As for `InspectorHints`: NODE_OPTIONS first, then what stands before the script.
    public init(arguments: [String], nodeOptions: [String]) {
        let options = NodeCommandLine(nodeOptions: nodeOptions).options + NodeCommandLine(arguments: arguments).options
        for option in options {
            guard let value = option.value, !value.isEmpty else { continue }
            switch option.name {
            case "--heapsnapshot-signal": signal = Self.numbers[value]
            case "--diagnostic-dir": diagnosticDirectory = value
            default: break
            }
        }
    }

    /// Those that can be caught. SIGUSR1 is among them: it dumps then, and opens no inspector.
    private static let numbers = [
        "SIGHUP": SIGHUP, "SIGINT": SIGINT, "SIGQUIT": SIGQUIT, "SIGUSR1": SIGUSR1, "SIGUSR2": SIGUSR2,
        "SIGALRM": SIGALRM, "SIGTERM": SIGTERM, "SIGCHLD": SIGCHLD, "SIGCONT": SIGCONT, "SIGTSTP": SIGTSTP,
        "SIGTTIN": SIGTTIN,
        "SIGTTOU": SIGTTOU, "SIGURG": SIGURG, "SIGXCPU": SIGXCPU, "SIGXFSZ": SIGXFSZ, "SIGVTALRM": SIGVTALRM,
        "SIGPROF": SIGPROF, "SIGWINCH": SIGWINCH, "SIGIO": SIGIO, "SIGPOLL": SIGIO, "SIGPWR": SIGPWR,
        "SIGSYS": SIGSYS, "SIGPIPE": SIGPIPE, "SIGTRAP": SIGTRAP, "SIGABRT": SIGABRT, "SIGSTKFLT": SIGSTKFLT,
    ]
}
