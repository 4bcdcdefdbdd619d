import NodeProcess

extension PtraceMethod {
    static let name = SnapshotRequest.Method.ptrace

    static func needs(_ facts: TargetFacts) -> DumpNeeds? {
        DumpNeeds(opensInspector: false, forks: true, visits: true)
    }

    static func judge(_ request: SnapshotRequest, _ facts: TargetFacts) throws(Refusal) -> MethodGrant {
        guard VisitImage.isBuiltIn else { throw .agentNotBuilt }
        guard facts.ptrace.isSupported else {
            throw .ptraceUnsupported(reason: "heapdump calls into processes on x86-64 only")
        }
        if let tracer = facts.standstill.tracer { throw .traced(tracer) }
        if let refusal = facts.ptrace.refusal { throw .ptraceForbidden(remedy: refusal.remedy) }
        if let version = facts.version, version.major < Agent.oldestNode {
            throw .nodeTooOldToFork(major: version.major)
        }
        if request.copyMemoryLimit != nil, facts.memory.dumpGroups == nil { throw .noControlGroup }
        if let refusal = needs(facts)?.refusal(facts.inspector.room, pid: facts.pid) { throw refusal }
        return MethodGrant(
            reason:
                "a forked copy writes the snapshot while the process goes on; ptrace makes it, with no port and no signal",
            code: .forkByPtrace, memory: try .make(request, facts, isFork: true, canAsk: true), isFork: true)
    }
}
