import Glibc
import NodeProcess

/// Whether SIGUSR1 may be sent to open the inspector. Pure functions of what was read: the plan asks them, and so does the
/// last look before the signal.
enum InspectorOpening {
    /// - Returns: nil if the signal may be sent, else what was seen and what to do.
    static func refusal(_ facts: TargetFacts) -> Refusal? {
        if let reason = futility(facts) { return reason }
        if let reason = harm(facts) { return reason }
        if let worker = facts.endangeredWorker { return .clusterWorkerInTheWay(worker) }
        return facts.portHolder.map { .portHeld(port: facts.inspectorHints.port ?? 0, holder: $0) }
    }

    /// Why no inspector would open that heapdump could use.
    private static func futility(_ facts: TargetFacts) -> Refusal? {
        let hints = facts.inspectorHints
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
        if facts.awaitsDebugger { return .debuggerAwaited }
        if facts.signalDumpHints.signal == SIGUSR1 { return .sigusr1WritesSnapshot }
        if facts.inspectorHints.reportSignal == SIGUSR1 { return .sigusr1WritesReport }
        if !facts.caught.contains(signal: SIGUSR1), !facts.blocked.contains(signal: SIGUSR1) {
            return .sigusr1NotCaught
        }
        if facts.handledSignals?.contains(signal: SIGUSR1) == true { return .sigusr1Handled }
        if let call = facts.callThatInspectorBreaks { return .callWouldBreak(call: call) }
        return DumpNeeds(opensInspector: true, forks: false).refusal(facts.room, pid: facts.pid)
    }

    /// Why nothing can be asked of the target, whatever the method.
    static func standstill(_ facts: TargetFacts) -> Refusal? {
        // A tracer that stops its tracee for a moment at each system call, as strace does, is none.
        if let tracer = facts.tracer, !tracer.passesSignalsOn { return .traced(tracer) }
        if facts.isFrozen { return .frozen }
        return facts.isStopped ? .stopped : nil
    }
}
