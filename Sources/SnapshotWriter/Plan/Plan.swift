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
        switch method {
        case .fork: return decideFork(facts)
        case .signal: return decideSignal(request, facts)
        case .inspector, .auto: return decideInspector(request, facts)
        }
    }

    private static func excluded(_ method: SnapshotRequest.Method, _ request: SnapshotRequest) -> String? {
        if method != .signal, !request.allowsInspector { return "ruled out by --no-inspector" }
        if request.method != .auto, request.method != method {
            return "ruled out by --method \(request.method.rawValue)"
        }
        if method != .fork, request.thread != .main || request.listsWorkers {
            return "ruled out by --thread: worker threads are reached by a fork alone"
        }
        if method != .signal, request.signal != nil { return "ruled out by --signal" }
        return nil
    }

    private static func decideFork(_ facts: TargetFacts) -> Decision {
        guard facts.agentIsBuiltIn else {
            return .refuse("this heapdump was built without its agent; build it with make")
        }
        if facts.addonsAreOff {
            return .refuse("--no-addons keeps the process from loading the agent")
        }
        if let version = facts.version, version.major < Agent.oldestNode {
            return .refuse(
                "a forked copy of Node \(version.major) cannot take a snapshot; Node \(Agent.oldestNode) and newer can")
        }
        switch access(facts) {
        case .granted(let how):
            return .take(
                Step(way: .fork, reason: "a forked copy writes the snapshot while the process goes on; \(how)"))
        case .refused(let reason): return .refuse(reason)
        }
    }

    private static func decideInspector(_ request: SnapshotRequest, _ facts: TargetFacts) -> Decision {
        switch access(facts) {
        case .granted(let how): .take(Step(way: .inspector, reason: how))
        case .refused(let reason): .refuse(reason)
        }
    }

    private enum Access {
        /// A clause.
        case granted(String)
        case refused(String)
    }

    /// To V8's inspector.
    private static func access(_ facts: TargetFacts) -> Access {
        if let port = facts.inspectorPort { return .granted("it listens on port \(port), with its inspector") }
        let refusal = InspectorOpening.refusal(
            caught: facts.caught, blocked: facts.blocked, hints: facts.inspectorHints,
            dumpSignal: facts.signalDumpHints.signal, portHolder: facts.portHolder)
        if let refusal { return .refused(refusal) }
        if let call = facts.callThatInspectorBreaks { return .refused(InspectorOpening.blocked(in: call)) }
        return .granted("SIGUSR1 opens its inspector, which is closed again")
    }

    private static func decideSignal(_ request: SnapshotRequest, _ facts: TargetFacts) -> Decision {
        switch SignalDecision(named: request.signal, facts) {
        case .send(let signal):
            if let limit = request.maxPause, facts.pauseAtMost > limit, !signal.isForking {
                .refuse(PauseLimit.refusal(seconds: facts.pauseAtMost, limit: limit))
            } else {
                .take(Step(way: .signal(signal), reason: signal.evidence))
            }
        case .refuse(let reason): .refuse(reason)
        }
    }
}
