import NodeProcess

/// A worker of a cluster that must not get SIGUSR1, which Node passes on to all workers when the primary's inspector opens.
public struct EndangeredWorker: Sendable, Equatable {
    public let pid: Int32
    /// What the signal would do to it: a clause.
    public let reason: String

    public init(pid: Int32, reason: String) {
        self.pid = pid
        self.reason = reason
    }

    /// The first one of a process; nil if it has none, or is no primary.
    static func find(of primary: TargetProcess, sleep: (Duration) throws -> Void) throws -> EndangeredWorker? {
        for pid in ClusterWorkers.of(primary.handle) {
            if let reason = try reason(pid, sleep) { return EndangeredWorker(pid: pid, reason: reason) }
        }
        return nil
    }

    private static func reason(_ pid: Int32, _ sleep: (Duration) throws -> Void) throws -> String? {
        do {
            let worker = try TargetProcess.read(ProcessHandle(pid: pid))
            let facts = try TargetFacts.readAccess(worker, patience: .milliseconds(100), depth: .worker, sleep: sleep)
            return (facts.standstill.refusal ?? InspectorOpening.harm(facts))?.reason
        } catch let error as ProcessError {
            switch error {
            case .exited, .noSuchProcess: return nil
            default: return error.message
            }
        }
    }
}
