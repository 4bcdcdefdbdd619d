public import NodeProcess

/// What tells whether the agent can be had and loaded, as plain values.
public struct AgentFacts: Sendable, Equatable {
    /// Whether this heapdump has its agent with it.
    public var isBuiltIn = Agent.isBuiltIn
    public var barrier: AddonBarrier?
    /// Why the process could load it from nowhere, by place; nil where it could.
    public var placeProblems: String?
    /// Why the process would not load it when an earlier heapdump tried.
    public var failedLoad: String?

    public init() {}

    func refusal(_ request: SnapshotRequest, _ version: NodeVersion?) -> Refusal? {
        guard isBuiltIn else { return .agentNotBuilt }
        switch barrier {
        case nil: break
        case .noAddons: return .addonsForbidden
        case .permissionModel(let option): return .addonsForbiddenByPermission(option: option)
        }
        if let placeProblems { return .noPlaceForAgent(problems: placeProblems) }
        // Who asks for it by name gets another try.
        if let failedLoad, request.method != .fork { return .agentRefusedBefore(reason: failedLoad) }
        if let version, version.major < Agent.oldestNode { return .nodeTooOldToFork(major: version.major) }
        return nil
    }
}
