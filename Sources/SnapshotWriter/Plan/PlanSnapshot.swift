import Glibc
import NodeProcess

/// What a dump would do: the object that `--dry-run --json` prints, documented in the README.
public struct PlanReport: Sendable, Encodable {
    public struct Step: Sendable, Encodable {
        public var method: SnapshotRequest.Method
        /// The one that would be sent for the dump itself.
        public var signal: String?
        public var reason: String
        public var reasonCode: ReasonCode
        /// How long JavaScript would stand still at most, in seconds.
        public var pauseAtMostSeconds: Double
        public var memory: MemoryReport
        /// What it takes of the process beside memory; left out where nothing limits that.
        public var needs: [ResourceNeed]?
    }

    public var target: SnapshotReport.Target
    /// In the order in which they would be tried.
    public var plan: [Step] = []
    /// The other methods.
    public var refused: [MethodRefusal] = []
    /// How long JavaScript would stand still at most by the first of them, in seconds.
    public var pauseAtMostSeconds: Double?
    /// How large the snapshot would be at most, in bytes, and how long V8 takes for it, in seconds: a rough guess.
    public var snapshotBytesAtMost: UInt64?
    public var secondsEstimated: Double?
    /// Absolute path or, for standard output, `-`.
    public var output: String?
    /// What may be written there; left out where nobody can tell.
    public var outputRoomBytes: UInt64?
    public var exitCode: ExitCode = .success
    public var error: String?
    /// Of `error`.
    public var reasonCode: ReasonCode?
    /// Whether the remaining processes of the run are left alone; not printed.
    @Unprinted public var endsTheRun = false
}

/// Reads a process and says what `TakeSnapshot` would do with it. Sends nothing, connects to nothing, writes nothing.
public enum PlanSnapshot {
    /// Never throws: a failure is in the report, with its exit code.
    public static func run(_ request: SnapshotRequest, in environment: RunEnvironment) -> PlanReport {
        var report = PlanReport(target: .init(pid: request.pid))
        do {
            try fill(&report, request, environment)
        } catch {
            let failure = DumpFailure(error)
            report.exitCode = failure.exitCode
            report.error = failure.message(of: request.pid)
            report.reasonCode = failure.code
            report.endsTheRun = failure.endsTheRun
        }
        return report
    }

    private static func fill(
        _ report: inout PlanReport, _ request: SnapshotRequest, _ environment: RunEnvironment
    ) throws {
        let waiter = Waiter(environment.interruption, until: environment.deadline)
        let target = try TargetProcess.find(request, waiter)
        report.target.fill(from: target)
        var facts = try TargetFacts.read(target, for: request, waiter)
        // Told last: why nothing works on the process itself goes before.
        let output = Result { try Self.output(request, target) }
        if case .success((_, let room)) = output { facts.outputRoom = room }
        let plan = Plan(request, facts)
        report.plan = plan.steps.map { step in
            PlanReport.Step(
                method: step.method, signal: step.grant.signal?.name, reason: step.reason, reasonCode: step.code,
                pauseAtMostSeconds: step.grant.isFork ? facts.estimate.forkPauseSeconds : facts.estimate.pauseSeconds,
                memory: MemoryReport(step.memory), needs: step.needs.isEmpty ? nil : step.needs)
        }
        report.refused = plan.refusals
        if plan.steps.isEmpty { throw DumpFailure.noMethod(plan.refusals) }
        report.pauseAtMostSeconds = report.plan.first?.pauseAtMostSeconds
        report.snapshotBytesAtMost = facts.estimate.snapshotBytesAtMost
        report.secondsEstimated = facts.estimate.pauseSeconds
        let (path, room) = try output.get()
        report.output = path
        report.outputRoomBytes = room?.bytes
    }

    private static func output(
        _ request: SnapshotRequest, _ target: TargetProcess
    ) throws -> (path: String, room: OutputRoom?) {
        switch try request.destination(for: target) {
        case .standardOutput: ("-", nil)
        case .file(let path):
            try SnapshotFile.examine(
                path: path, overwrites: request.overwrites, keepsPartial: request.keepsPartial)
        }
    }
}
