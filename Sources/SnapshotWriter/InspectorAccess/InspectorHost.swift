import Linux
import NodeProcess

/// The target as far as its inspector goes: what `InspectorOpener` asks of it and about it.
protocol InspectorHost {
    var process: any LiveProcess { get }
    var runtime: Runtime { get }
    var version: NodeVersion? { get }
    /// Where the inspector is or will be; nil if the kernel chooses.
    var port: UInt16? { get }
    var search: any InspectorSearch { get }

    /// What decides whether SIGUSR1 may be sent.
    /// - Parameter patience: how long to look whether a process that is stopped or blocked stays so.
    func readFacts(patience: Duration) throws -> TargetFacts
    /// Keeps other heapdumps from having other processes open theirs on the same port, as long as what it returns lives.
    func lockPort() throws -> AnyObject?
    /// Who else listens on it, in words.
    /// - Parameter own: the target's sockets.
    func portHolder(besides own: [ListeningSocket]) -> String?
    /// Of its main thread, to read and to write; nil if they may not be counted.
    func countCalls() -> UInt64?

    func startGuardian(present: [ListeningSocket]) throws -> any Guardian
    /// For the workers of a cluster's primary.
    func startWorkerGuardians() throws -> WorkerGuardians
    func lookBeforeSignal() -> BeforeSignal
}

/// What is noted before SIGUSR1 is sent, to tell afterwards what it has done.
struct BeforeSignal {
    /// A line that the process has written since then, which says that an inspector could not be opened.
    let failure: () -> String?
    /// To be made once the inspector is closed.
    let secondOpening: () -> SecondOpening
    /// The inspector is open on that port.
    let watchPort: (UInt16) -> Void
    /// Who else has connected to it.
    let strangers: () -> [Stranger]
}

/// Tells the inspector from other listening sockets, and opens sessions with it.
protocol InspectorSearch {
    /// - Parameters:
    ///   - sockets: the target's own.
    ///   - likelyPort: asked first, and alone if it answers.
    func find(among sockets: [ListeningSocket], likelyPort: UInt16?) throws -> FoundInspector?
    /// - Parameter connected: is shown the connection before it becomes a session.
    func openSession(with inspector: FoundInspector, connected: (Int32) -> Void) throws -> any InspectorChannel
}

extension InspectorSearch {
    func openSession(with inspector: FoundInspector) throws -> any InspectorChannel {
        try openSession(with: inspector, connected: { _ in })
    }
}

extension InspectorFinder: InspectorSearch {}
