/// How the target's inspector would be reached: the methods that work through it decide by this.
enum InspectorWay {
    case open(port: UInt16)
    case bySignal

    init(_ facts: TargetFacts, _ needs: DumpNeeds?) throws(Refusal) {
        if let problem = facts.inspector.networkProblem { throw .networkClosed(problem) }
        if let port = facts.inspector.port {
            self = .open(port: port)
        } else {
            if let refusal = InspectorOpening.refusal(facts) { throw refusal }
            self = .bySignal
        }
        if let refusal = needs?.refusal(facts.inspector.room, pid: facts.pid) { throw refusal }
    }

    var isOpen: Bool {
        if case .open = self { true } else { false }
    }

    /// A clause for the plan.
    var reason: String {
        switch self {
        case .open(let port): "it listens on port \(port), with its inspector"
        case .bySignal: "SIGUSR1 opens its inspector, which is closed again"
        }
    }
}
