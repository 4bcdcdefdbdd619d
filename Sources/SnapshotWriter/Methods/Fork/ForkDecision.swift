extension ForkMethod {
    static let name = SnapshotRequest.Method.fork

    static func needs(_ facts: TargetFacts) -> DumpNeeds? {
        DumpNeeds(opensInspector: facts.inspector.port == nil, forks: true)
    }

    static func judge(_ request: SnapshotRequest, _ facts: TargetFacts) throws(Refusal) -> MethodGrant {
        if let refusal = facts.agent.refusal(request, facts.version) { throw refusal }
        if request.copyMemoryLimit != nil, facts.memory.dumpGroups == nil { throw .noControlGroup }
        let way = try InspectorWay(facts, needs(facts))
        let reason = "a forked copy writes the snapshot while the process goes on; \(way.reason)"
        return MethodGrant(
            reason: reason, code: way.isOpen ? .forkByOpenInspector : .forkBySigusr1,
            memory: try .make(request, facts, isFork: true, canAsk: true), isFork: true)
    }
}
