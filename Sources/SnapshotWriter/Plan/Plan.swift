import NodeProcess

/// Which methods to try on a process, in which order, and why not the others. A pure function of what was asked for and
/// what was read.
public struct Plan: Sendable {
    public struct Step: Sendable {
        let kind: any DumpMethod.Type
        let grant: MethodGrant
        /// What it takes of the target beside memory, and what is left.
        public let needs: [ResourceNeed]

        public var method: SnapshotRequest.Method { kind.name }
        /// What was seen that makes it work, as a clause.
        public var reason: String { grant.reason }
        /// Of `reason`.
        public var code: ReasonCode { grant.code }
        public var memory: MemoryPlan { grant.memory }
    }

    /// In the order of preference: a fork does not stop the target; the inspector reports progress, writes nothing on the target's
    /// side and can be given up cleanly.
    static let methods: [any DumpMethod.Type] = [
        ForkMethod.self, PtraceMethod.self, InspectorMethod.self, SignalMethod.self,
    ]

    /// The first is tried first; the next one where it fails before the target began.
    public let steps: [Step]
    public let refusals: [MethodRefusal]

    public init(_ request: SnapshotRequest, _ facts: TargetFacts) {
        var steps: [Step] = []
        var refusals: [MethodRefusal] = []
        for method in Self.methods {
            let needs = method.needs(facts)?.held(against: facts.inspector.room) ?? []
            do throws(Refusal) {
                steps.append(Step(kind: method, grant: try method.decide(request, facts), needs: needs))
            } catch {
                refusals.append(MethodRefusal(method: method.name, error, needs: needs))
            }
        }
        self.steps = steps
        self.refusals = refusals
    }
}
