/// What an `AgentScript` comes to: text, so that nothing of the application's takes part in making it.
struct AgentReply: Equatable {
    enum Outcome: Equatable {
        /// What the agent said.
        case answer(String)
        /// This thread of the process has no agent of our version, or none could be loaded.
        case missing
        /// The global `process` is not Node's.
        case noProcess
    }

    var outcome: Outcome
    /// Versions of other agents in it.
    var others: [String] = []
    /// Why an agent could not be loaded or called.
    var problem: String?
}

extension AgentReply {
    /// Above this it is no answer of an agent's: parts of it are shown.
    private static let mostBytes = 8192

    init?(_ text: String) {
        guard text.utf8.count <= Self.mostBytes else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        switch lines.popFirst() {
        case AgentScript.missing: outcome = .missing
        case AgentScript.noProcess: outcome = .noProcess
        case let first?: outcome = .answer(String(first))
        case nil: return nil
        }
        while let line = lines.popFirst() {
            if line.hasPrefix(AgentScript.other) { others.append(String(line.dropFirst(AgentScript.other.count))) }
            // The first line: the others are where it was thrown.
            if line.hasPrefix(AgentScript.problem), problem == nil {
                problem = String(line.dropFirst(AgentScript.problem.count))
            }
        }
    }
}
