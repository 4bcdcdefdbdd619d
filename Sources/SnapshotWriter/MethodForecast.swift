public import NodeProcess

/// Which way `take` would go first, judged by a short look: `list` has hundreds of processes to judge. Who holds the
/// inspector's port is not looked at, nor whether the program opened an inspector itself; --dry-run does that.
public enum MethodForecast {
    /// - Returns: a method's name, or `none`; nil where the process could not be read to the end.
    public static func method(of target: TargetProcess) -> String? {
        // One that stands still for a moment only is shown as it is at this moment.
        guard
            var facts = try? TargetFacts.read(
                target, signal: nil, patience: .zero, sockets: false, sleep: { _ in }),
            let output = try? OutputPattern(nil)
        else { return nil }
        let hints = facts.inspectorHints
        if hints.enabled, !hints.preventsInspector { facts.inspectorPort = hints.port ?? 0 }
        return Plan(SnapshotRequest(pid: target.pid, output: output), facts).steps.first?.method.rawValue ?? "none"
    }
}
