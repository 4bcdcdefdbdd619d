public import NodeProcess

/// Which way `take` would go, judged by a look alone.
public enum MethodForecast {
    /// - Returns: a method's name, or `none`.
    public static func method(of target: TargetProcess) -> String {
        let hints = target.inspectorHints
        if hints.enabled && !hints.preventsInspector { return SnapshotRequest.Method.inspector.rawValue }
        // Whether the port is free would take a look at all sockets of all processes.
        let refusal = InspectorOpening.refusal(
            caught: target.caughtSignals, blocked: target.blockedSignals, hints: hints,
            dumpSignal: target.signalDumpHints.signal, portHolder: nil)
        return refusal == nil ? SnapshotRequest.Method.inspector.rawValue : "none"
    }
}
