import Glibc
import Inspector
import NodeProcess

/// From a process id to a published snapshot. `dump` reads as the plan.
///
/// A program that uses this module shares its process with it. What a run changes there, beside files and memory of its own:
/// - `Interruption.init`, which the caller makes, blocks SIGINT, SIGTERM and SIGHUP in the calling thread and in those that it starts from
///   there on, and has the process ignore SIGPIPE, SIGXFSZ and, unless told otherwise, SIGTSTP.
/// - Each dump raises the process's /proc/self/oom_score_adj, so that the kernel ends it before the target; it stays raised.
/// - `RunEnvironment.init` starts threads of SwiftNIO's, which `shutdown` ends. Looks at a target run on threads of their own; a look
///   that never returns keeps its thread. A thread or a child of its own enters the target's network namespace.
/// - Opening an inspector starts child processes by `guardianCommand`, which outlive the caller where a port is still to be closed. Each
///   is awaited by its own pid; SIGCHLD is not touched.
/// - Its locks are abstract Unix sockets, see `DumpLock`.
///
/// Nothing else is: no working directory, environment, umask, limit, descriptor or handler of another signal.
public final class TakeSnapshot {
    private let request: SnapshotRequest
    private let environment: RunEnvironment
    private let context: RunContext
    /// Once the process was looked at.
    private var target: TargetProcess?

    public init(_ request: SnapshotRequest, in environment: RunEnvironment, observe: @escaping DumpObserver) {
        self.request = request
        self.environment = environment
        let waiter = Waiter(environment.interruption, until: environment.deadline)
        context = RunContext(waiter: waiter, journal: DumpJournal(request, by: waiter.clock, observe: observe))
    }

    /// Never throws: a failure is in the report, with its exit code.
    public func run() -> SnapshotReport {
        do {
            context.journal.end(try dump())
        } catch {
            let failure = DumpFailure(error)
            context.journal.end(failure, message: failure.message(of: request.pid, target?.handle))
        }
        return context.journal.finish(bytes: context.waiter.bytes)
    }

    private func dump() throws -> PublishedSnapshot {
        let target = try TargetProcess.find(request, context.waiter)
        self.target = target
        context.journal.look(at: target)
        request.searchNotes.forEach(context.warn)
        if request.thread == .main, let program = try wrappedProgram(target) { context.warn(program.message) }
        let output = try makeOutput(for: target)
        OutOfMemoryOrder.goFirst()
        let input = MethodInput(request, in: environment, of: target, to: output, context)
        return try carryOut(awaitPlan(target, output), input)
    }

    /// None where that takes too long: it is a hint.
    private func wrappedProgram(_ target: TargetProcess) throws -> WrappedProgram? {
        do {
            return try context.waiter.look(at: target.handle) { target.wrappedProgram() }
        } catch ProcessError.tookTooLong {
            return nil
        }
    }

    /// The plan, once nothing temporary is in the way of the first method, or has not gone in time.
    private func awaitPlan(_ target: TargetProcess, _ output: any SnapshotOutput) throws -> Plan {
        var turn = Turn(limit: request.wait, waiter: context.waiter)
        var told: String?
        while true {
            var facts = try TargetFacts.read(target, for: request, context.waiter)
            facts.outputRoom = output.room
            let plan = Plan(request, facts)
            // Whatever is in the way of a fork by the inspector, one by ptrace stops nothing either.
            guard plan.steps.first?.grant.isFork != true,
                plan.refusals.contains(where: { $0.refusal.kind == .temporary }),
                let holder = facts.inspector.portHolder
            else {
                return plan
            }
            // A heapdump that had it opened is done with it before long; whoever else holds it may keep it.
            if try awaitPortLock(of: target) { continue }
            if told != holder { context.observe(.note("waiting for its inspector's port, which \(holder) holds")) }
            told = holder
            guard try turn.waitABit() else { return plan }
        }
    }

    /// Waits for another heapdump that has a process open its inspector on the target's port.
    /// - Returns: whether there was one.
    private func awaitPortLock(of target: TargetProcess) throws -> Bool {
        var hasWaited = false
        let lock = try DumpLock.acquire(portOf: target, within: request.wait, context.waiter) { [context] event in
            hasWaited = true
            context.observe(event)
        }
        withExtendedLifetime(lock) {}
        return hasWaited
    }

    private func makeOutput(for target: TargetProcess) throws -> any SnapshotOutput {
        switch try request.destination(for: target) {
        case .standardOutput:
            return try StandardOutput(waiter: context.waiter)
        case .file(let path):
            let file = try SnapshotFile(path: path, overwrites: request.overwrites, keepsPartial: request.keepsPartial)
            if !path.hasSuffix(SnapshotName.suffix) {
                context.warn(
                    "Chrome DevTools opens only files whose name ends in .heapsnapshot: rename it before you load it")
            }
            return file
        }
    }

    /// Tries one method after the other, as long as the target is as it was.
    private func carryOut(_ plan: Plan, _ input: MethodInput) throws -> PublishedSnapshot {
        var refusals = plan.refusals
        var steps = plan.steps[...]
        while let step = steps.popFirst() {
            context.journal.begin(step)
            do {
                return try step.kind.init(grant: step.grant, input: input).run()
            } catch {
                let failure = DumpFailure(error)
                guard failure.allowsNextMethod else { throw failure }
                let failed = failure.refusals(of: step.method)
                // Who could not have the inspector for the one need not try for the other: the signal is not repeated.
                steps.removeAll { step in failed.contains { $0.method == step.method } }
                refusals += failed
                if case .forkFiltered = failure { steps.removeAll { $0.grant.isFork } }
                guard let next = steps.first else {
                    // What may pass is best told as it happened.
                    if case .inspectorLost = failure, failed.count == refusals.count { throw failure }
                    break
                }
                // The next one begins anew, and so does the file.
                guard try input.delivery.restart() else { throw DumpFailure.cannotTakeBack(failure.message) }
                context.journal.fail(failed)
                for group in failed.grouped { context.observe(.note("\(group.methods): \(group.reason)")) }
                context.observe(.note("trying the next method: \(next.method.rawValue)"))
            }
        }
        context.journal.giveUp()
        input.delivery.keepPartial()
        throw DumpFailure.noMethod(
            SnapshotRequest.Method.allCases.flatMap { method in
                refusals.filter { $0.method == method }
            })
    }
}

extension SnapshotRequest {
    /// Where the snapshot of this process goes, now.
    func destination(for target: TargetProcess) throws(OutputError) -> OutputPattern.Destination {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var worker = 0
        if case .worker(let threadID) = thread { worker = threadID }
        return try output.destination(pid: pid, script: target.scriptPath, thread: worker, at: now)
    }
}

extension DumpFailure {
    init(_ error: any Error) {
        self =
            switch error {
            case let failure as DumpFailure: failure
            case let error as ProcessError: .process(error)
            case let error as OutputError: .output(error)
            case VisitImage.Failure.missing(let function):
                .refused(.ptrace, .ptraceUnsupported(reason: "it lacks the function \(function)"))
            case let error as InspectorError: .inspectorLost(.openingInspector, error)
            default: .cannotStart(String(describing: error))
            }
    }

    /// The failure of one method as a part of the story.
    fileprivate func refusals(of method: SnapshotRequest.Method) -> [MethodRefusal] {
        if case .memoryTooTight(let reason) = self {
            return [MethodRefusal(method: method, .memoryTooTight(reason: reason))]
        }
        guard case .noMethod(let refusals) = self else {
            return [MethodRefusal(method: method, .failed(code, message: message))]
        }
        if refusals.contains(where: { $0.method == method }) { return refusals }
        // A fork that had no way in: what it needed is refused with it.
        return refusals.flatMap { [MethodRefusal(method: method, $0.refusal), $0] }
    }
}
