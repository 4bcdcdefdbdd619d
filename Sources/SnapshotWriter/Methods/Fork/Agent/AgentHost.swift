import NodeProcess

/// The process that the agent is brought into, as far as that concerns files.
protocol AgentHost {
    /// Whether the agent is mapped there, though not every thread has it.
    var hasMappedAgent: Bool { get }
    /// Directories that it may load a file from, as it names them, the best first.
    var places: [String] { get }
    /// Puts the agent's file there.
    /// - Throws: `AgentPlace.Problem` where the place will not do.
    func putFile(in place: String) throws -> any AgentFile
    /// For the next heapdump: that the process does not load the agent, and why.
    func remember(refusal: String)
    func forgetRefusal()
}

/// The agent's file in a directory of the process's.
protocol AgentFile {
    /// As the process names it.
    var path: String { get }
    func remove()
}

extension FileForTarget: AgentFile {}

/// A running process.
struct AgentTarget: AgentHost {
    let target: TargetProcess

    var hasMappedAgent: Bool { target.hasLoaded(libraryNamed: Agent.fileName) }
    var places: [String] { target.placesForFiles() }

    func putFile(in place: String) throws -> any AgentFile {
        let directory = try AgentPlace(place, of: target).directory
        do throws(ProcessError) {
            return try FileForTarget(Agent.image, named: Agent.fileName, in: directory, for: target.handle)
        } catch {
            guard case .failed(_, let errno) = error else { throw error }
            throw AgentPlace.Problem(errno)
        }
    }

    func remember(refusal: String) { FailedLoads().remember(refusal, for: target.handle) }
    func forgetRefusal() { FailedLoads().forget(target.handle) }
}
