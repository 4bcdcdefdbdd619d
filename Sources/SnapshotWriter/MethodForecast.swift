public import NodeProcess

/// Which way `take` would go first, judged by a look alone.
public enum MethodForecast {
    /// - Returns: a method's name, or `none`; nil where the process could not be read to the end.
    public static func method(of target: TargetProcess) -> String? {
        // A list looks at each process once: one that stands still for a moment only is shown as it is at this moment.
        guard let facts = try? TargetFacts.read(target, signal: nil, patience: .zero, sleep: { _ in }),
            let output = try? OutputPattern(nil)
        else { return nil }
        return Plan(SnapshotRequest(pid: target.pid, output: output), facts).steps.first?.method.rawValue ?? "none"
    }
}
