/// One way to a heap snapshot of a running process. Each has a folder beside this file: what it decides, and what it does.
protocol DumpMethod: SendableMetatype {
    static var name: SnapshotRequest.Method { get }

    /// What it takes of the target beside memory; nil where `judge` looks after that.
    static func needs(_ facts: TargetFacts) -> DumpNeeds?

    /// Why it does not work on a program of this runtime.
    static func refusal(ofRuntime facts: TargetFacts) -> Refusal?

    /// Whether it works on a target that neither the request nor the target's state keeps from being dumped. A pure function.
    static func judge(_ request: SnapshotRequest, _ facts: TargetFacts) throws(Refusal) -> MethodGrant

    init(grant: MethodGrant, input: MethodInput)

    /// From the first thing that is done to the target to the published file.
    func run() throws -> PublishedSnapshot
}

/// Why a method works.
struct MethodGrant: Sendable {
    /// What was seen that makes it work, as a clause.
    let reason: String
    /// Of `reason`.
    let code: ReasonCode
    let memory: MemoryPlan
    /// The one that has the target write the snapshot; nil where none does.
    var signal: DumpSignal?

    /// Whether JavaScript goes on while the snapshot is written.
    let isFork: Bool
}

extension DumpMethod {
    /// Whether it may be used. A pure function of what was asked for and what was read: the plan asks it, and whoever acts asks
    /// again before.
    static func decide(_ request: SnapshotRequest, _ facts: TargetFacts) throws(Refusal) -> MethodGrant {
        if let refusal = request.exclusion(of: name) ?? refusal(ofRuntime: facts) ?? facts.standstill.refusal {
            throw refusal
        }
        return try judge(request, facts)
    }

    static func refusal(ofRuntime facts: TargetFacts) -> Refusal? {
        facts.runtime == .deno ? .denoByInspectorAlone : nil
    }
}

extension SnapshotRequest {
    /// Why the options leave a method out.
    fileprivate func exclusion(of method: Method) -> Refusal? {
        if [.fork, .inspector].contains(method), !allowsInspector { return .excludedByNoInspector }
        if method == .ptrace, !allowsPtrace { return .excludedByNoPtrace }
        if self.method != .auto, self.method != method { return .excludedByMethod(self.method) }
        let isFork = method == .fork || method == .ptrace
        // Which there are, the inspector alone tells.
        if !isFork && thread != .main || method != .fork && listsWorkers { return .excludedByThread }
        if !isFork, copyMemoryLimit != nil { return .excludedByDumpMemoryMax }
        if method != .signal, signal != nil { return .excludedBySignal }
        return nil
    }
}
