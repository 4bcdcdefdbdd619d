import FoundationEssentials

/// What came of a fork, see `status_format_start` in Sources/HeapDumpAgent/status.c.
struct AgentAnswer: Decodable {
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
}

extension AgentAnswer {
    init?(_ json: String) {
        guard let answer = try? JSONDecoder().decode(AgentAnswer.self, from: Data(json.utf8)) else { return nil }
        self = answer
    }
}
