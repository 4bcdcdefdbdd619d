import NodeProcess

/// What was seen of a target that opened no inspector after SIGUSR1, and what that says. A pure function.
struct OpeningDiagnosis {
    /// Its event loop has turned since it got the signal.
    var loopTurned = false
    /// It may be waiting for a child process (execSync), which looks like an event loop.
    var mayWaitForChild = false
    var blockedIn: String?
    /// The signal was not delivered yet, or the process stopped since.
    var isHeldUp = false
    var portHolder: String?
    /// Where the inspector would be; nil where the kernel chooses.
    var port: UInt16?
    /// A line of the target's standard error.
    var failure: String?
    /// Whether it is known that the application has no handler of its own.
    var hasNoHandler = false

    private static let seen = "it opened no inspector after SIGUSR1"
    private static let guarded = "; until then a guardian process waits, to close the inspector should it open late"

    /// Whether nothing can open any more.
    var isFinal: Bool { loopTurned && !mayWaitForChild && !isHeldUp || failure != nil }

    var refusal: Refusal {
        if let failure {
            let isPort = failure.contains("address already in use")
            return Refusal(
                "\(Self.seen); its standard error says: \(TerminalText.escaped(failure))",
                isPort ? .temporary : .lasting)
        }
        if let portHolder {
            return Refusal("\(Self.seen), and port \(port ?? 0) is held by \(portHolder)", .temporary)
        }
        if isHeldUp {
            return Refusal(
                "\(Self.seen): a debugger, job control or a frozen cgroup holds it up; try again when it runs\(Self.guarded)"
            )
        }
        if loopTurned, !mayWaitForChild {
            return Refusal("\(Self.seen), although its event loop has turned: " + causes)
        }
        if loopTurned {
            return Refusal(
                "\(Self.seen): \(hasNoHandler ? "it waits" : "either it handles SIGUSR1 itself, and that handler has run once, or it waits") "
                    + "for a child process (execSync); try again when that has ended\(Self.guarded)")
        }
        return Refusal(
            "\(Self.seen): "
                + (blockedIn.map { "its main thread is blocked in \($0)" } ?? "its main thread is busy in native code")
                + "; try again when it is free\(Self.guarded)")
    }

    private var causes: String {
        let taken = port == nil ? ", for example as another program has the port that its inspector had before" : ""
        let failed =
            "Node could not open it\(taken), and its standard error says why (\"Starting inspector on … failed\")"
        if hasNoHandler { return failed }
        return
            "either the application handles SIGUSR1 itself, and that handler has run once, or \(failed); the signal was not "
            + "repeated. Start the process with --inspect"
    }
}
