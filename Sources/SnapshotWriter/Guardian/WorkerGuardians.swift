import Linux
import NodeProcess

/// The guardians of a cluster's workers. When the primary's inspector opens, Node sends SIGUSR1 to each of them: most fail to
/// open an inspector, since the port is taken, but one that is busy then opens it when the primary's is closed. Each guardian
/// closes what its worker opens, and ends once the worker's event loop has turned.
struct WorkerGuardians {
    let guardians: [any Guardian]

    /// - Parameter start: starts one for a worker that listens on these sockets now.
    static func start(
        for primary: TargetProcess, _ waiter: Waiter,
        _ start: (TargetProcess, [ListeningSocket]) throws -> any Guardian
    ) throws -> WorkerGuardians {
        let workers = try waiter.look(at: primary.handle) {
            ClusterWorkers.of(primary.handle).compactMap { pid -> (TargetProcess, [ListeningSocket])? in
                // One that has ended meanwhile opens nothing.
                guard let worker = try? TargetProcess.read(ProcessHandle(pid: pid)),
                    let sockets = try? ListeningSockets.owned(by: worker.handle)
                else { return nil }
                return (worker, sockets)
            }
        }
        return WorkerGuardians(guardians: try workers.map { try start($0.0, $0.1) })
    }

    func announceSignal() {
        for guardian in guardians { guardian.announceSignal() }
    }

    /// The signal was not sent.
    func dismiss() {
        for guardian in guardians { guardian.dismiss() }
    }
}
