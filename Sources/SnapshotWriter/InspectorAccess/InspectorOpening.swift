import Glibc
import NodeProcess

/// Whether SIGUSR1 may be sent to open the inspector. Pure functions of what was read: the plan asks them, and so does the
/// last look before the signal.
enum InspectorOpening {
    /// - Returns: nil if the signal may be sent, else what was seen and what to do.
    static func refusal(_ facts: TargetFacts) -> Refusal? {
        if let reason = futility(facts) { return reason }
        if let reason = harm(facts) { return reason }
        if let worker = facts.inspector.endangeredWorker { return .clusterWorkerInTheWay(worker) }
        return facts.inspector.portHolder.map { .portHeld(port: facts.inspector.hints.port ?? 0, holder: $0) }
    }

    /// Why no inspector would open that heapdump could use.
    private static func futility(_ facts: TargetFacts) -> Refusal? {
        let hints = facts.inspector.hints
        if hints.sigusr1Disabled { return .sigusr1Disabled }
        if hints.preventsInspector, let option = hints.permissionOption {
            return .inspectorForbidden(option: option, canBeAllowed: facts.version.map { $0.major >= 24 } == true)
        }
        if hints.hidesAddress { return .inspectorAddressHidden }
        if facts.blocked.contains(signal: SIGUSR1), !facts.caught.contains(signal: SIGUSR1) { return .sigusr1Blocked }
        return nil
    }

    /// Why SIGUSR1 would do the process harm, whoever sends it.
    static func harm(_ facts: TargetFacts) -> Refusal? {
        if facts.inspector.awaitsDebugger { return .debuggerAwaited }
        if facts.signal.hints.signal == SIGUSR1 { return .sigusr1WritesSnapshot }
        if facts.inspector.hints.reportSignal == SIGUSR1 { return .sigusr1WritesReport }
        if !facts.caught.contains(signal: SIGUSR1), !facts.blocked.contains(signal: SIGUSR1) {
            return .sigusr1NotCaught
        }
        if facts.inspector.handledSignals?.contains(signal: SIGUSR1) == true { return .sigusr1Handled }
        if let call = facts.inspector.callThatBreaks { return .callWouldBreak(call: call) }
        return DumpNeeds(opensInspector: true, forks: false).refusal(facts.inspector.room, pid: facts.pid)
    }
}
