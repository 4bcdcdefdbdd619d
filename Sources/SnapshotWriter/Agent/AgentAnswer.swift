import FoundationEssentials

/// What came of an `AgentScript`.
struct AgentAnswer: Decodable {
    /// The process has no agent of our version.
    var missing: Bool?
    /// Versions of other agents in it.
    var others: [String]?
    /// Why the agent could not be loaded, for each place that was tried.
    var problems: [Problem]?
    /// Of the child, in the target's pid namespace; 0 where there is none.
    var pid: Int32?
    /// Numbers of descriptors in the child.
    var output: Int32?
    var go: Int32?
    var status: Int32?
    /// How long JavaScript stood still.
    var stallMicroseconds: Double?
    /// 0 where the child was made while other threads ran.
    var calm: Int?
    /// A thread that was running, where no moment was calm.
    var busy: String?
    var errno: Int32?
    /// What failed with that errno.
    var step: String?

    struct Problem: Decodable {
        /// A directory, as the target names it.
        let place: String
        let reason: String
    }

    /// Above this it is no answer of an agent's: parts of it are shown.
    private static let mostBytes = 8192

    init?(_ json: String) {
        guard json.utf8.count <= Self.mostBytes,
            let answer = try? JSONDecoder().decode(AgentAnswer.self, from: Data(json.utf8))
        else { return nil }
        self = answer
    }
}
