import Glibc

/// Names of signals as Node and signal(7) have them.
public enum SignalName {
    /// - Parameter text: `SIGUSR2`, `USR2`, in any case, or a number.
    /// - Returns: `nil` where no signal is called so. Real-time signals are none that Node could handle, and the first of
    ///   them are glibc's own.
    public static func number(of text: some StringProtocol) -> Int32? {
        if let number = Int32(text) { return (1...31).contains(number) ? number : nil }
        let name = text.uppercased()
        return numbers[name.hasPrefix("SIG") ? name : "SIG" + name]
    }

    public static func text(_ number: Int32) -> String {
        names[number] ?? "signal \(number)"
    }

    /// With `SIG`, as Node's options want them.
    package static let numbers = [
        "SIGHUP": SIGHUP, "SIGINT": SIGINT, "SIGQUIT": SIGQUIT, "SIGILL": SIGILL, "SIGTRAP": SIGTRAP,
        "SIGABRT": SIGABRT, "SIGIOT": SIGABRT, "SIGBUS": SIGBUS, "SIGFPE": SIGFPE, "SIGKILL": SIGKILL,
        "SIGUSR1": SIGUSR1, "SIGSEGV": SIGSEGV, "SIGUSR2": SIGUSR2, "SIGPIPE": SIGPIPE, "SIGALRM": SIGALRM,
        "SIGTERM": SIGTERM, "SIGSTKFLT": SIGSTKFLT, "SIGCHLD": SIGCHLD, "SIGCONT": SIGCONT, "SIGSTOP": SIGSTOP,
        "SIGTSTP": SIGTSTP, "SIGTTIN": SIGTTIN, "SIGTTOU": SIGTTOU, "SIGURG": SIGURG, "SIGXCPU": SIGXCPU,
        "SIGXFSZ": SIGXFSZ, "SIGVTALRM": SIGVTALRM, "SIGPROF": SIGPROF, "SIGWINCH": SIGWINCH, "SIGIO": SIGIO,
        "SIGPOLL": SIGIO, "SIGPWR": SIGPWR, "SIGSYS": SIGSYS,
    ]

    private static let names = Dictionary(
        numbers.filter { !["SIGIOT", "SIGPOLL"].contains($0.key) }.map { ($0.value, $0.key) },
        uniquingKeysWith: { first, _ in first })
}
