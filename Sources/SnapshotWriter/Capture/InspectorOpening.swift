import Glibc
import NodeProcess

/// Whether SIGUSR1 may be sent to open the inspector. Pure functions of what was read: the plan asks them, and so does the
/// last look before the signal.
enum InspectorOpening {
    /// - Returns: nil if the signal may be sent, else what was seen and what to do.
    static func refusal(_ facts: TargetFacts) -> Refusal? {
        if let reason = futility(facts) { return reason }
        if let reason = harm(facts) { return reason }
        if let worker = facts.endangeredWorker { return Refusal(clusterWorker(worker)) }
        guard let holder = facts.portHolder else { return nil }
        return Refusal(
            "port \(facts.inspectorHints.port ?? 0), where the process would open its inspector, is held by \(holder), and "
                + "SIGUSR1 was not sent; close that inspector, or start the process with --inspect-port=0", .temporary)
    }

    /// Why no inspector would open that heapdump could use.
    private static func futility(_ facts: TargetFacts) -> Refusal? {
        let hints = facts.inspectorHints
        if hints.sigusr1Disabled {
            return Refusal(
                "SIGUSR1 is switched off by --disable-sigusr1, and no inspector is open; start the process with "
                    + "--inspect, or without that option")
        }
        if hints.preventsInspector, let option = hints.permissionOption {
            let remedy =
                facts.version.map { $0.major >= 24 } == true
                ? "; start it with --allow-inspector as well, where this Node has it" : ""
            return Refusal("the permission model (\(option)) switches the inspector off, and none is open\(remedy)")
        }
        if hints.hidesAddress {
            return Refusal(
                "--inspect-publish-uid keeps the inspector's address from whoever asks for it, so SIGUSR1 was not sent; start "
                    + "the process with --inspect-publish-uid=stderr,http, or without that option")
        }
        if facts.blocked.contains(signal: SIGUSR1), !facts.caught.contains(signal: SIGUSR1) {
            return Refusal("the process blocks SIGUSR1, so it cannot be asked to open its inspector")
        }
        return nil
    }

    /// Why SIGUSR1 would do the process harm, whoever sends it.
    static func harm(_ facts: TargetFacts) -> Refusal? {
        if facts.awaitsDebugger {
            return Refusal(
                "its program has ended, and Node waits for a debugger to disconnect: SIGUSR1 would abort it now, so it was not "
                    + "sent; dump it through the debugger that is connected")
        }
        if facts.signalDumpHints.signal == SIGUSR1 {
            return Refusal(
                "SIGUSR1 makes this process write a snapshot by itself (--heapsnapshot-signal=SIGUSR1), so it opens no "
                    + "inspector; start the process with --inspect")
        }
        if facts.inspectorHints.reportSignal == SIGUSR1 {
            return Refusal(
                "SIGUSR1 makes this process write a diagnostic report (--report-on-signal --report-signal=SIGUSR1), so it "
                    + "was not sent; start the process with --inspect")
        }
        if !facts.caught.contains(signal: SIGUSR1), !facts.blocked.contains(signal: SIGUSR1) {
            return Refusal("the process does not catch SIGUSR1: the signal would kill it, so it was not sent")
        }
        if facts.handledSignals?.contains(signal: SIGUSR1) == true {
            return Refusal(
                "the application has a handler of its own for SIGUSR1 (process.on), which would run and open no inspector, so "
                    + "the signal was not sent; start the process with --inspect")
        }
        if let call = facts.callThatInspectorBreaks { return Refusal(blocked(in: call)) }
        return DumpNeeds(opensInspector: true, forks: false).refusal(facts.room, pid: facts.pid)
    }

    private static func clusterWorker(_ worker: EndangeredWorker) -> String {
        "it is the primary of a cluster, and Node passes SIGUSR1 on to its workers, of which process \(worker.pid) is in the way: "
            + "\(worker.reason)"
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

    /// Why nothing can be asked of the target, whatever the method.
    static func standstill(_ facts: TargetFacts) -> Refusal? {
        // A tracer that stops its tracee for a moment at each system call, as strace does, is none.
        if let tracer = facts.tracer, !tracer.passesSignalsOn { return Refusal(traced(by: tracer)) }
        if facts.isFrozen {
            return Refusal(
                "its cgroup is frozen (docker pause, systemctl freeze), so it answers nothing; thaw it and try again")
        }
        return facts.isStopped ? Refusal(stopped) : nil
    }

    static let stopped =
        "the process is stopped, by job control or a debugger, or frozen (docker pause), and answers nothing; let it go on "
        + "(kill -CONT) and try again"

    private static func traced(by tracer: Tracer) -> String {
        let name = TerminalText.escaped(tracer.name)
        let action =
            switch tracer.name {
            case "gdb": "type `detach` in it"
            case "lldb", "lldb-server": "type `process detach` in it"
            default: "end it, or have it detach"
            }
        return "\(name), process \(tracer.pid), traces it, and would stop it at a signal; \(action) and try again"
    }

    /// The reason where SIGUSR1 would do harm at this moment.
    static func blocked(in call: String) -> String {
        "the main thread is blocked in \(call), which SIGUSR1 would break off with an error (EINTR) that few programs expect, "
            + "so the signal was not sent; try again when it is free, or start the process with --inspect"
    }
}
