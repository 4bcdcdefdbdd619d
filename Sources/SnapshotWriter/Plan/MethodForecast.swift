public import NodeProcess

/// Which way `take` would go first, judged by a short look: `list` has hundreds of processes to judge. Who holds the
/// inspector's port is not looked at, nor whether the program opened an inspector itself; --dry-run does that.
public struct MethodForecast: Sendable {
    /// Whether the memory that a dump needs is there, as far as it can be told without asking V8.
    public enum Memory: String, Sendable, Encodable {
        case enough
        /// Enough if the heap is smaller than the process's memory: V8 is asked before the dump.
        case uncertain
        case tooLittle = "too-little"
    }

    /// A method's name, or `none`.
    public let method: String
    /// nil where no method works for another reason.
    public let memory: Memory?
    /// Why there is too little.
    public let shortage: String?

    /// What the first way takes of the process beside memory, and what is left; empty where nothing limits it.
    public let needs: [ResourceNeed]

    /// nil where the process could not be read to the end.
    public init?(of target: TargetProcess) {
        // One that stands still for a moment only is shown as it is at this moment.
        guard
            var facts = try? TargetFacts.read(
                target, signal: nil, patience: .zero, depth: .brief, sleep: { _ in }),
            let output = try? OutputPattern(nil)
        else { return nil }
        let hints = facts.inspector.hints
        if hints.enabled, !hints.preventsInspector { facts.inspector.port = hints.port ?? 0 }
        let plan = Plan(SnapshotRequest(pid: target.pid, output: output), facts)
        method = plan.steps.first?.method.rawValue ?? "none"
        needs = plan.steps.first?.needs ?? plan.refusals.lazy.compactMap(\.needs).first ?? []
        shortage = plan.steps.isEmpty ? plan.refusals.first { $0.isForMemory }?.reason : nil
        if let step = plan.steps.first {
            memory = step.memory.asksForHeap ? .uncertain : .enough
        } else {
            memory = shortage == nil ? nil : .tooLittle
        }
    }
}
