import NodeProcess

/// Which methods to try on a process, in which order, and why not the others. A pure function of what was asked for and
/// what was read.
public struct Plan: Sendable, Equatable {
    public struct Step: Sendable, Equatable {
        public let way: Way
        /// What was seen that makes it work, as a clause.
        public let reason: String

        public var method: SnapshotRequest.Method {
            switch way {
            case .inspector: .inspector
            case .signal: .signal
            }
        }
    }

    public enum Way: Sendable, Equatable {
        case inspector
        case signal(DumpSignal)
    }

    /// The first is tried first; the next one where it fails before the target began.
    public let steps: [Step]
    public let refusals: [MethodRefusal]

    public init(_ request: SnapshotRequest, _ facts: TargetFacts) {
        var steps: [Step] = []
        var refusals: [MethodRefusal] = []
        // In the order of preference: the inspector reports progress, writes nothing on the target's side and can be
        // given up cleanly.
        for method in [SnapshotRequest.Method.inspector, .signal] {
            switch Self.decide(method, request, facts) {
            case .take(let step): steps.append(step)
            case .refuse(let reason): refusals.append(MethodRefusal(method: method, reason: reason))
            }
        }
        self.steps = steps
        self.refusals = refusals
    }

    private enum Decision {
        case take(Step)
        case refuse(String)
    }

    private static func decide(
        _ method: SnapshotRequest.Method, _ request: SnapshotRequest, _ facts: TargetFacts
    ) -> Decision {
        if let reason = excluded(method, request) { return .refuse(reason) }
        if facts.isStopped { return .refuse(InspectorOpening.stopped) }
        return method == .signal ? decideSignal(request, facts) : decideInspector(facts)
    }

    private static func excluded(_ method: SnapshotRequest.Method, _ request: SnapshotRequest) -> String? {
        if method == .inspector, !request.allowsInspector { return "ruled out by --no-inspector" }
        if request.method != .auto, request.method != method {
            return "ruled out by --method \(request.method.rawValue)"
        }
        if method == .inspector, request.signal != nil { return "ruled out by --signal" }
        return nil
    }

    private static func decideInspector(_ facts: TargetFacts) -> Decision {
        if let port = facts.inspectorPort {
            return .take(Step(way: .inspector, reason: "it listens on port \(port), with its inspector"))
        }
        let refusal = InspectorOpening.refusal(
            caught: facts.caught, blocked: facts.blocked, hints: facts.inspectorHints,
            dumpSignal: facts.signalDumpHints.signal, portHolder: facts.portHolder)
        if let refusal { return .refuse(refusal) }
        if let call = facts.callThatInspectorBreaks { return .refuse(InspectorOpening.blocked(in: call)) }
        return .take(
            Step(way: .inspector, reason: "SIGUSR1 opens its inspector, which is closed again after the dump"))
    }

    private static func decideSignal(_ request: SnapshotRequest, _ facts: TargetFacts) -> Decision {
        switch SignalDecision(named: request.signal, facts) {
        case .send(let signal): .take(Step(way: .signal(signal), reason: signal.evidence))
        case .refuse(let reason): .refuse(reason)
        }
    }
}
