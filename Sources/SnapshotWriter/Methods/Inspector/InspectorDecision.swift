extension InspectorMethod {
    static let name = SnapshotRequest.Method.inspector

    static func needs(_ facts: TargetFacts) -> DumpNeeds? {
        DumpNeeds(opensInspector: facts.inspector.port == nil, forks: false)
    }

    static func refusal(ofRuntime facts: TargetFacts) -> Refusal? {
        facts.runtime == .deno && facts.inspector.port == nil ? .denoInspectorClosed : nil
    }

    static func judge(_ request: SnapshotRequest, _ facts: TargetFacts) throws(Refusal) -> MethodGrant {
        let way = try InspectorWay(facts, needs(facts))
        return MethodGrant(
            reason: way.reason, code: way.isOpen ? .inspectorOpen : .sigusr1OpensInspector,
            memory: try .make(request, facts, isFork: false, canAsk: true), isFork: false)
    }
}
