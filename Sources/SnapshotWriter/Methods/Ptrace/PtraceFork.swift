import Glibc
import Linux
import NodeProcess

/// Forks the target by code that ptrace brings into it, and takes that out again.
final class PtraceFork {
    private let visit: Visit
    private let target: TargetProcess
    private let context: RunContext
    /// How long a moment is looked for in which it may be forked.
    private let limit: Duration
    private let thread: Int32
    private let stopsUnsafely: Bool
    /// As the process numbers it; nil once it is reaped.
    private var lastCopy: Int32?

    private var waiter: Waiter { context.waiter }

    /// Looks in a row that find JavaScript running before V8 is asked to interrupt it.
    private static let looksBeforeAsking = 3
    /// Between two looks whether a thread that V8 is to interrupt has come to where that is not needed.
    private static let patienceWithInterrupt = Duration.milliseconds(200)
    /// For what takes microseconds on a machine that is not busy.
    private static let patience = Duration.seconds(10)
    /// What the process takes for a moment to look at its own threads and memory.
    private static let descriptorsToLook: UInt64 = 6

    init(_ target: TargetProcess, _ request: SnapshotRequest, _ context: RunContext) throws {
        self.target = target
        self.context = context
        limit = request.wait ?? Turn.patience
        stopsUnsafely = request.stopsUnsafely
        let wanted = request.thread
        let (visit, thread) = try context.waiter.look(at: target.handle) {
            let visit = try Visit(target)
            return (visit, visit.thread(wanted))
        }
        guard let thread else {
            guard case .worker(let number) = wanted else { throw DumpFailure.process(.exited(pid: target.pid)) }
            throw DumpFailure.refused(.ptrace, .noSuchWorker(number, known: []))
        }
        self.visit = visit
        self.thread = thread
    }

    /// Brings the code in.
    func enter() throws {
        let end = context.now + limit
        try waiter.look(at: target.handle) { [visit] in visit.removeEarlier() }
        while try !waiter.look(at: target.handle, visit.enter) {
            guard context.now < end else { throw Self.noMoment("busy with all of its threads", limit) }
            _ = try waiter.wait(atMost: .milliseconds(5))
        }
        context.observe(.detail("brought code for a fork into it"))
    }

    /// - Returns: an answer with a copy whose pipes are open.
    func fork(_ wanted: ForkOptions) throws -> AgentAnswer {
        var options = wanted
        let room = try DescriptorRoom.read(target.handle)
        options.looksFromOutside = room.map { $0.left < Self.descriptorsToLook } ?? false
        let answer = try CalmFork(observe: context.observe, sleep: { [waiter] in _ = try waiter.wait(atMost: $0) })
            .run(options, fork: forkOnce)
        guard let copy = answer.pid, copy > 0 else {
            throw DumpFailure.refused(.ptrace, .forkRefused(step: answer.step ?? "", errno: answer.errno))
        }
        lastCopy = copy
        return try awaitPipes(answer)
    }

    /// What V8 said of its heap in the copy, once that was claimed; nil if it does not say.
    func heap() throws -> HeapSizes? {
        try awaitRecord(within: Self.patience) { $0.copyState == .isMeasured }?.heap
    }

    /// Why the last copy has failed; nil if it does not say.
    var copyError: String? { (try? visit.read())?.copyError }

    /// A copy that the process was told of by fork(2).
    func child(_ number: Int32) throws(ProcessError) -> ProcessHandle { try ForkedChild(number, of: target).handle }

    /// Those of a heapdump that was killed.
    func reapEarlierCopies() {
        for number in ForkedChild.ended(of: target) { reap(number) }
    }

    /// Has the process forget a copy that has ended.
    /// - Parameter child: as the process numbers it.
    func reap(_ child: Int32) {
        persist { [visit] in try visit.reap(child) }
        if child == lastCopy { lastCopy = nil }
    }

    /// Leaves nothing behind: no copy, and none of the code.
    func leave() {
        if let lastCopy {
            if let child = try? child(lastCopy) {
                try? child.send(SIGKILL)
                context.clock.wait(for: child.descriptor, atMost: Self.patience)
            }
            reap(lastCopy)
        }
        let isPending = staysPending()
        if !isPending { persist { [visit, thread] in try visit.leave(thread) } }
        guard visit.mappedBytes > 0, target.handle.isAlive else { return }
        let reason = isPending ? "V8 was asked to call it and has not yet" : "no thread of it could take it away"
        context.observe(
            .note("heapdump's code stays mapped in it (\(visit.mappedBytes >> 10) KiB), which does no harm: \(reason)"))
    }

    /// Whether a call that V8 was asked for does not come within a second, as where no JavaScript runs any more.
    private func staysPending() -> Bool {
        let end = context.now + .seconds(1)
        while (try? visit.read())?.isPending == true {
            guard context.now < end, target.handle.isAlive else { return true }
            context.clock.wait(for: target.handle.descriptor, atMost: .milliseconds(5))
        }
        return false
    }

    /// Repeats what may find no thread to be done by, also after a signal that ends heapdump.
    private func persist(_ body: @escaping @Sendable () throws -> Bool) {
        let end = context.now + .seconds(2)
        while target.handle.isAlive, context.now < end {
            guard let isDone = try? BoundedLook.run(at: target.pid, body), !isDone else { return }
            context.clock.wait(for: target.handle.descriptor, atMost: .milliseconds(2))
        }
    }

    private static func noMoment(_ place: String, _ limit: Duration) -> DumpFailure {
        .refused(.ptrace, .noSafePoint(place: place, seconds: limit.inSeconds))
    }

    private func forkOnce(_ options: ForkOptions) throws -> AgentAnswer {
        let end = context.now + limit
        var running = 0
        var looks = 0
        while true {
            try awaitCall()
            let attempt = try waiter.look(at: target.handle) { [visit, thread] in try visit.fork(thread, options) }
            context.note(.stopped(visit.lastStop.inMilliseconds))
            let place: String
            switch attempt {
            case .begun:
                // It stood for this look, and makes the fork at once.
                var answer = try awaitFork()
                answer.stallMicroseconds? += visit.lastStop.inSeconds * 1e6
                return answer
            case .interruptible(let found):
                place = found
                running += 1
                if running >= Self.looksBeforeAsking, !options.looksFromOutside,
                    let answer = try interrupt(options, until: end)
                {
                    return answer
                }
            case .no(let found): place = found
            }
            guard context.now < end else { return try forceFork(options, place) }
            looks += 1
            _ = try waiter.wait(atMost: .milliseconds(min(2 * looks, 50)))
        }
    }

    /// The last resort, where the user has asked for it.
    private func forceFork(_ options: ForkOptions, _ place: String) throws -> AgentAnswer {
        guard stopsUnsafely else { throw Self.noMoment(place, limit) }
        context.warn(
            "it was forked where that is not safe, \(TerminalText.escaped(place)), as --unsafe-stop allows: it may hang or end"
        )
        _ = try waiter.look(at: target.handle) { [visit, thread] in
            try visit.fork(thread, options, isForced: true)
        }
        return try awaitFork()
    }

    /// A thread that waits for events comes to that many times in a second. Nothing has to stop for this look.
    private func awaitCall() throws {
        let end = context.now + .milliseconds(20)
        while context.now < end {
            if visit.isWaiting(thread) { return }
            _ = try waiter.wait(atMost: .milliseconds(1))
        }
    }

    private func awaitFork() throws -> AgentAnswer {
        guard let record = try awaitRecord(within: Self.patience, { $0.state == .done }) else {
            throw Self.noMoment("not run by the kernel", Self.patience)
        }
        return record.answer
    }

    /// - Returns: nil if no thread was found that could ask V8.
    private func interrupt(_ options: ForkOptions, until end: ContinuousClock.Instant) throws -> AgentAnswer? {
        if try record().isPending {
            // The call that is still to come will do.
            try set(.state, 0)
            try set(.isCancelled, 0)
        } else {
            guard try ask(options) else { return nil }
        }
        while try awaitRecord(within: Self.patienceWithInterrupt, { $0.state != .notBegun }) == nil {
            let attempt = try waiter.look(at: target.handle) { [visit, thread] in
                try visit.fork(thread, options, isCalled: true)
            }
            switch attempt {
            case .begun: return try awaitFork()
            case .interruptible(let place), .no(let place):
                guard context.now < end else {
                    try set(.isCancelled, 1)
                    // It may have come in between.
                    if try record().state != .notBegun { break }
                    return try forceFork(options, place)
                }
            }
        }
        return try awaitFork()
    }

    /// - Returns: whether a thread was found that could ask V8.
    private func ask(_ options: ForkOptions) throws -> Bool {
        try waiter.look(at: target.handle) { [visit, thread] in try visit.findIsolate(thread, options) }
        context.note(.stopped(visit.lastStop.inMilliseconds))
        guard let found = try awaitRecord(within: Self.patience, { $0.state == .done }), found[.isolate] != 0 else {
            throw DumpFailure.refused(.ptrace, .ptraceUnsupported(reason: "its thread has no isolate of V8's"))
        }
        try set(.state, 0)
        return try waiter.look(at: target.handle) { [visit, thread] in try visit.ask(for: thread) }
    }

    private func awaitPipes(_ answer: AgentAnswer) throws -> AgentAnswer {
        guard
            let record = try awaitRecord(within: Self.patience, { $0.copyState != .notReady || !$0.copyError.isEmpty })
        else {
            return answer
        }
        return record.answer
    }

    private func record() throws -> VisitRecord { try reach { () throws(LinuxError) in try visit.read() } }

    private func set(_ field: VisitRecord.Field, _ value: Int64) throws {
        try reach { () throws(LinuxError) in try visit.set(field, value) }
    }

    /// What cannot be read or written any more is that of a process that has ended, mostly.
    private func reach<Value>(_ body: () throws(LinuxError) -> Value) throws -> Value {
        do throws(LinuxError) {
            return try body()
        } catch {
            try HeldProcess(target).checkLoss(waiter)
            throw DumpFailure.process(ProcessError(error, pid: target.pid))
        }
    }

    /// - Returns: nil if the time has passed.
    private func awaitRecord(within patience: Duration, _ isReached: (VisitRecord) -> Bool) throws -> VisitRecord? {
        let end = context.now + patience
        while true {
            let record = try record()
            if isReached(record) { return record }
            guard context.now < end else { return nil }
            _ = try waiter.wait(atMost: .milliseconds(1))
        }
    }
}
