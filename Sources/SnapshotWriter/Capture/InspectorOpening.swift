import Glibc
import NodeProcess

/// Whether SIGUSR1 may be sent to open the inspector. A pure function of what was read.
enum InspectorOpening {
    /// - Parameters:
    ///   - dumpSignal: that of --heapsnapshot-signal.
    ///   - portHolder: who listens on the port that the inspector would take, where that is not the target.
    /// - Returns: nil where the signal may be sent, else what was seen and what to do.
    static func refusal(
        caught: SignalSet, blocked: SignalSet, hints: InspectorHints, dumpSignal: Int32?, portHolder: String?
    ) -> String? {
        if dumpSignal == SIGUSR1 {
            return
                "SIGUSR1 makes this process write a snapshot by itself (--heapsnapshot-signal=SIGUSR1), so it opens no "
                + "inspector; start the process with --inspect"
        }
        if hints.sigusr1Disabled {
            return "SIGUSR1 is switched off by --disable-sigusr1, and no inspector is open; start the process with "
                + "--inspect, or without that option"
        }
        if hints.preventsInspector {
            return "the permission model (--permission) switches the inspector off, and none is open"
        }
        if !caught.contains(signal: SIGUSR1) {
            return blocked.contains(signal: SIGUSR1)
                ? "the process blocks SIGUSR1, so it cannot be asked to open its inspector"
                : "the process does not catch SIGUSR1: the signal would kill it, so it was not sent"
        }
        if let portHolder {
            return
                "port \(hints.port ?? 0), where the process would open its inspector, is held by \(portHolder), and SIGUSR1 was "
                + "not sent; close that inspector, or start the process with --inspect-port=0"
        }
        return nil
    }

    static func refusal(_ problem: TargetNetwork.Problem) -> String {
        switch problem {
        case .closed(let refusal):
            "its inspector could not be reached, and SIGUSR1 was not sent: " + refusal.message
        case .noLoopback(let pid):
            "the loopback interface of its network namespace is down, so that its inspector could not be reached, and SIGUSR1 was "
                + "not sent; bring it up, as root: nsenter -n -t \(pid) ip link set lo up"
        }
    }

    /// The reason where nothing can be asked of the target, whatever the method.
    static let stopped =
        "the process is stopped, by job control or a debugger, or frozen (docker pause), and answers nothing; let it go on "
        + "(kill -CONT) and try again"

    /// The reason where SIGUSR1 would do harm at this moment.
    static func blocked(in call: String) -> String {
        "the main thread is blocked in \(call), which SIGUSR1 would break off with an error (EINTR) that few programs expect, "
            + "so the signal was not sent; try again when it is free, or start the process with --inspect"
    }

    /// What the target's state says about why it opened no inspector after SIGUSR1.
    static func diagnosis(
        isIdle: Bool, mayWaitForChild: Bool, blockedIn: String?, portHolder: String?, port: UInt16?
    ) -> String {
        let seen = "it opened no inspector after SIGUSR1"
        let guarded = "; until then a guardian process waits, to close the inspector should it open late"
        if let portHolder {
            return "\(seen), and port \(port ?? 0) is held by \(portHolder)"
        }
        if isIdle, !mayWaitForChild {
            let taken =
                port == nil
                ? ", or another program has the port that its inspector had before (its standard error says so)" : ""
            return
                "\(seen) although its event loop is idle: it handles SIGUSR1 itself, most likely, and that handler has run "
                + "once\(taken); the signal was not repeated. Start the process with --inspect"
        }
        if isIdle {
            return
                "\(seen): either it handles SIGUSR1 itself, and that handler has run once, or it waits for a child process "
                + "(execSync); try again when that has ended\(guarded)"
        }
        return "\(seen): "
            + (blockedIn.map { "its main thread is blocked in \($0)" } ?? "its main thread is busy in native code")
            + "; try again when it is free\(guarded)"
    }
}
