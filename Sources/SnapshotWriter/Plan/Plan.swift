import NodeProcess

/// Which methods to try on a process, in which order, and why not the others. A pure function of what was asked for and
/// what was read.
public struct Plan: Sendable, Equatable {
    public struct Step: Sendable, Equatable {
        public let way: Way
        /// What was seen that makes it work, as a clause.
        public let reason: String
        /// Of `reason`.
        public let code: ReasonCode
        public let memory: MemoryPlan
        /// What it takes of the target beside memory, and what is left.
        public let needs: [ResourceNeed]

        public var method: SnapshotRequest.Method {
            switch way {
            case .fork: .fork
            case .inspector: .inspector
            case .signal: .signal
            }
        }
    }

    public enum Way: Sendable, Equatable {
        case fork
        case inspector
        case signal(DumpSignal)
    }

    /// The first is tried first; the next one where it fails before the target began.
    public let steps: [Step]
    public let refusals: [MethodRefusal]

    public init(_ request: SnapshotRequest, _ facts: TargetFacts) {
        var steps: [Step] = []
        var refusals: [MethodRefusal] = []
        // In the order of preference: a fork does not stop the target; the inspector reports progress, writes nothing on the
        // target's side and can be given up cleanly.
        for method in [SnapshotRequest.Method.fork, .inspector, .signal] {
            let needs = Self.needs(of: method, facts)?.held(against: facts.room) ?? []
            switch Self.decide(method, request, facts) {
            case .refuse(let refusal): refusals.append(MethodRefusal(method: method, refusal, needs: needs))
            case .take(let way, let reason, let code):
                switch Self.memory(of: way, request, facts) {
                case .take(let memory):
                    steps.append(Step(way: way, reason: reason, code: code, memory: memory, needs: needs))
                case .refuse(let reason):
                    refusals.append(MethodRefusal(method: method, .memoryTooTight(reason: reason), needs: needs))
                }
            }
        }
        self.steps = steps
        self.refusals = refusals
    }

    private enum Decision {
        /// With what was seen that makes it work, as a clause.
        case take(Way, String, ReasonCode)
        case refuse(Refusal)
    }

    /// Of the target, beside memory; nil for a signal, whose file `SignalDecision` looks after.
    private static func needs(of method: SnapshotRequest.Method, _ facts: TargetFacts) -> DumpNeeds? {
        method == .signal
            ? nil : DumpNeeds(opensInspector: facts.inspectorPort == nil, forks: method == .fork)
    }

    private static func memory(
        of way: Way, _ request: SnapshotRequest, _ facts: TargetFacts
    ) -> MemoryPlan.Decision {
        switch way {
        case .fork: MemoryPlan.make(request, facts, isFork: true, canAsk: true)
        case .inspector: MemoryPlan.make(request, facts, isFork: false, canAsk: true)
        case .signal(let signal): MemoryPlan.make(request, facts, isFork: signal.isForking, canAsk: false)
        }
    }

    private static func decide(
        _ method: SnapshotRequest.Method, _ request: SnapshotRequest, _ facts: TargetFacts
    ) -> Decision {
        if let refusal = excluded(method, request) { return .refuse(refusal) }
        if facts.runtime == .deno, let refusal = excludedForDeno(method, facts) { return .refuse(refusal) }
        if let refusal = InspectorOpening.standstill(facts) { return .refuse(refusal) }
        switch method {
        case .fork: return decideFork(request, facts)
        case .signal: return decideSignal(request, facts)
        case .inspector, .auto: return decideInspector(.inspector, facts)
        }
    }

    private static func excluded(_ method: SnapshotRequest.Method, _ request: SnapshotRequest) -> Refusal? {
        if method != .signal, !request.allowsInspector { return .excludedByNoInspector }
        if request.method != .auto, request.method != method { return .excludedByMethod(request.method) }
        if method != .fork, request.thread != .main || request.listsWorkers { return .excludedByThread }
        if method != .fork, request.copyMemoryLimit != nil { return .excludedByDumpMemoryMax }
        if method != .signal, request.signal != nil { return .excludedBySignal }
        return nil
    }

    private static func excludedForDeno(_ method: SnapshotRequest.Method, _ facts: TargetFacts) -> Refusal? {
        if method != .inspector { return .denoByInspectorAlone }
        return facts.inspectorPort == nil ? .denoInspectorClosed : nil
    }

    private static func decideFork(_ request: SnapshotRequest, _ facts: TargetFacts) -> Decision {
        guard facts.agentIsBuiltIn else { return .refuse(.agentNotBuilt) }
        switch facts.addonBarrier {
        case nil: break
        case .noAddons: return .refuse(.addonsForbidden)
        case .permissionModel(let option): return .refuse(.addonsForbiddenByPermission(option: option))
        }
        if let problems = facts.agentPlaceProblems { return .refuse(.noPlaceForAgent(problems: problems)) }
        // Who asks for it by name gets another try.
        if let reason = facts.failedLoad, request.method != .fork {
            return .refuse(.agentRefusedBefore(reason: reason))
        }
        if let version = facts.version, version.major < Agent.oldestNode {
            return .refuse(.nodeTooOldToFork(major: version.major))
        }
        if request.copyMemoryLimit != nil, facts.memory.dumpGroups == nil { return .refuse(.noControlGroup) }
        return decideInspector(.fork, facts) { "a forked copy writes the snapshot while the process goes on; \($0)" }
    }

    /// - Parameter reason: of what makes the inspector reachable.
    private static func decideInspector(
        _ method: SnapshotRequest.Method, _ facts: TargetFacts, reason: (String) -> String = { $0 }
    ) -> Decision {
        let how: String
        switch access(facts) {
        case .granted(let clause): how = clause
        case .refused(let refusal): return .refuse(refusal)
        }
        if let refusal = needs(of: method, facts)?.refusal(facts.room, pid: facts.pid) { return .refuse(refusal) }
        let isOpen = facts.inspectorPort != nil
        return method == .fork
            ? .take(.fork, reason(how), isOpen ? .forkByOpenInspector : .forkBySigusr1)
            : .take(.inspector, reason(how), isOpen ? .inspectorOpen : .sigusr1OpensInspector)
    }

    private enum Access {
        /// A clause.
        case granted(String)
        case refused(Refusal)
    }

    /// To V8's inspector.
    private static func access(_ facts: TargetFacts) -> Access {
        if let problem = facts.networkProblem { return .refused(.networkClosed(problem)) }
        if let port = facts.inspectorPort { return .granted("it listens on port \(port), with its inspector") }
        if let refusal = InspectorOpening.refusal(facts) { return .refused(refusal) }
        return .granted("SIGUSR1 opens its inspector, which is closed again")
    }

    private static func decideSignal(_ request: SnapshotRequest, _ facts: TargetFacts) -> Decision {
        switch SignalDecision(named: request.signal, facts) {
        case .send(let signal):
            if let limit = request.maxPause, facts.estimate.pauseSeconds > limit, !signal.isForking {
                .refuse(.pauseTooLong(seconds: facts.estimate.pauseSeconds, limit: limit))
            } else {
                .take(.signal(signal), signal.evidence, signal.evidenceCode)
            }
        case .refuse(let refusal): .refuse(refusal)
        }
    }
}
