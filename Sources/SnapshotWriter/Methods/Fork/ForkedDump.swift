import Glibc
import HeapSnapshot
import Linux
import NodeProcess

/// Takes the snapshot from forked copies of the target, one after another until one has written it whole. The target's
/// agent makes them, reaps them and tells of it through a pipe.
final class ForkedDump {
    private let target: any LiveProcess
    private let delivery: Delivery
    private let patience: Patience
    private let context: RunContext
    private let copies: Copies
    private let status: any CopyNews
    private var copy: ForkedCopy
    /// Ends the copy where memory gets short.
    private var watch: MemoryWatch?
    private var isOver = false
    /// Whether the copy was made at a moment when no other thread ran.
    private var wasCalm = true

    /// Small enough to stay in a core's cache from checking to writing.
    private static let portionBytes = 128 << 10
    /// How long to sleep at most before the copy is looked at again.
    private static let step = Duration.milliseconds(200)
    /// A day, and the address space of a process.
    private static let longestPauseMicroseconds = 86_400e6
    private static let mostKilobytes: UInt64 = 1 << 37
    /// How long a target may take to make another copy, which its event loop has to come to.
    private static let patienceForNextCopy = Duration.seconds(20)
    /// How long it may take to tell of a copy's end.
    private static let patienceForEnd = Duration.seconds(5)

    /// The copy by the number that the target gives it.
    typealias Copies = (Int32) throws(ProcessError) -> any CopyProcess

    /// What tells of it and of those that follow it.
    typealias News = (any CopyProcess, AgentAnswer) throws(ProcessError) -> any CopyNews

    private var waiter: Waiter { context.waiter }

    init(
        _ answer: AgentAnswer, by method: SnapshotRequest.Method, of target: any LiveProcess, to delivery: Delivery,
        _ patience: Patience,
        _ context: RunContext, news: News, copies: @escaping Copies
    ) throws {
        self.target = target
        self.delivery = delivery
        self.patience = patience
        self.context = context
        self.copies = copies
        do throws(ProcessError) {
            let copy = try ForkedCopy(
                copies(answer.pid ?? 0), output: answer.output ?? -1, go: answer.go ?? -1, by: context.clock)
            status = try news(copy.process, answer)
            copy.claim()
            copy.process.limit()
            self.copy = copy
        } catch {
            throw DumpFailure.refused(method, .copyOutOfReach(reason: error.message))
        }
        watch = try copy.process.watchMemory()
        note(stallMicroseconds: answer.stallMicroseconds, calm: answer.calm)
    }

    func run() throws -> PublishedSnapshot {
        defer { end() }
        let verdict: SnapshotVerdict
        do {
            verdict = try receive()
        } catch {
            throw delivery.keepingPartial(error)
        }
        return try delivery.publish(verdict)
    }

    /// From one copy after another, until one has not failed as far as is known.
    private func receive() throws -> SnapshotVerdict {
        while true {
            let sink = delivery.makeSink()
            let last = try receive(into: sink)
            note(last)
            if let alarm = stopWatch(), last?.tellsFailure != false {
                isOver = true
                throw DumpFailure.forkStarved(alarm.reason)
            }
            if last?.signal == SIGKILL, let reason = copy.process.whyTooLarge {
                isOver = true
                throw DumpFailure.forkStarved(reason)
            }
            guard let last, last.tellsFailure else {
                isOver = true
                return try finish(sink, last)
            }
            try goOn(after: last)
        }
    }

    private func finish(_ sink: SnapshotSink, _ last: AgentStatus?) throws -> SnapshotVerdict {
        let phase = waiter.phase
        context.enter(.checking)
        let verdict = sink.finish()
        // In a container the end of its first process is the end of all, and it comes last.
        let targetIsAlive = last == nil ? !target.ends(within: .seconds(1), by: context.clock) : target.isAlive
        guard case .valid = verdict else {
            if !targetIsAlive { throw DumpFailure.targetDied(phase, bytes: waiter.bytes) }
            if last?.exitStatus != 0 { throw ForkFailure.failure(nil) }
            return verdict
        }
        sink.notes.forEach(context.warn)
        if !wasCalm {
            context.warn(
                "its threads never rested, so it was forked while they ran: had V8 been collecting garbage at that moment, "
                    + "objects could be missing; compare with a second dump")
        }
        if !targetIsAlive {
            context.warn("it has ended meanwhile; the snapshot, by a copy that was made before, is whole")
        }
        return verdict
    }

    /// - Returns: how the copy ended; nil where nobody told.
    private func receive(into sink: SnapshotSink) throws(DumpFailure) -> AgentStatus? {
        context.enter(.childBuilding)
        copy.begin()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.portionBytes, alignment: 16)
        defer { buffer.deallocate() }
        var outputEnd: ContinuousClock.Instant?
        var last: AgentStatus?
        var stall = patience.begin()
        var sign = StallWatch.Sign()
        while true {
            if outputEnd == nil, try drain(into: sink, through: buffer) { outputEnd = context.now }
            // What comes after its end is about the next copy, which may be there already.
            while last == nil, let status = status.next() { if status.event == .ended { last = status } }
            if let outputEnd,
                last != nil || status.isClosed || outputEnd.duration(to: context.now) > Self.patienceForEnd
            {
                return last
            }
            if outputEnd == nil, copy.isStuck() {
                context.observe(.detail("the forked copy stands still: ending it"))
                copy.end(SIGTERM)
            }
            sign.bytes = waiter.bytes
            sign.cpuTime = copy.process.cpuTime ?? sign.cpuTime
            if outputEnd == nil {
                try stall.check(
                    sign, lastSeen: "its forked copy, process \(copy.process.pid), is stopped or blocked")
            }
            try waiter.waitWithoutTarget(
                for: outputEnd == nil ? copy.output.descriptor : nil, or: status.descriptor, atMost: Self.step)
            context.observe(
                .progress(DumpProgress(bytes: waiter.bytes, fraction: sink.progress.fractionComplete)))
        }
    }

    /// - Returns: whether the copy has ended its output.
    private func drain(
        into sink: SnapshotSink, through buffer: UnsafeMutableRawBufferPointer
    ) throws(DumpFailure) -> Bool {
        while true {
            switch copy.output.read(into: buffer) {
            case .nothingYet: return false
            case .end: return true
            case .bytes(let count):
                if waiter.phase == .childBuilding { context.enter(.childWriting) }
                copy.noteBytes()
                try sink.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                waiter.bytes += UInt64(count)
                try waiter.checkInterruption()
            }
        }
    }

    /// Takes the next copy, or throws why there is none.
    private func goOn(after last: AgentStatus) throws {
        let reason = ForkFailure.reason(last)
        guard last.retries == true else {
            isOver = true
            throw ForkFailure.failure(last)
        }
        guard try delivery.restart() else { throw DumpFailure.cannotTakeBack(ForkFailure.failure(last).message) }
        context.observe(.note("\(reason); trying again"))
        try takeNextCopy(reason)
    }

    private func takeNextCopy(_ reason: String) throws {
        let end = context.now + Self.patienceForNextCopy
        while true {
            while let status = status.next() {
                switch status.event {
                case .ended: continue
                case .failed: throw DumpFailure.forkFailed(reason + ", and no other can be made: \(status.error ?? "")")
                case .forked:
                    copy = try ForkedCopy(
                        copies(status.pid ?? 0), output: status.output ?? -1, go: status.go ?? -1, by: context.clock)
                    copy.claim()
                    copy.process.limit()
                    watch = try copy.process.watchMemory()
                    note(stallMicroseconds: status.stallMicroseconds, calm: status.calm)
                    return
                }
            }
            if status.isClosed || context.now > end {
                throw DumpFailure.forkFailed(reason + ", and its event loop is too busy to make another")
            }
            _ = try waiter.wait(for: status.descriptor, atMost: Self.step)
        }
    }

    private func note(stallMicroseconds: Double?, calm: Int?) {
        wasCalm = calm != 0
        // The process says it: what no pause can be is no figure.
        guard let stallMicroseconds, (0...Self.longestPauseMicroseconds).contains(stallMicroseconds) else {
            context.note(.forked(pauseMilliseconds: nil))
            return
        }
        let milliseconds = (stallMicroseconds / 100).rounded() / 10
        context.note(.forked(pauseMilliseconds: milliseconds))
        context.observe(
            .detail("forked as process \(copy.process.pid); JavaScript paused for \(milliseconds) ms"))
    }

    private func note(_ last: AgentStatus?) {
        guard let kilobytes = last?.peakKilobytes, (1...Self.mostKilobytes).contains(kilobytes) else { return }
        context.note(.copyPeak(kilobytes << 10))
    }

    private func stopWatch() -> MemoryWatch.Alarm? {
        defer { watch = nil }
        return watch?.stop()
    }

    /// Instead of `run`.
    func abandon() { end() }

    /// Leaves no copy behind: the agent is waited for, so that it has reaped it.
    private func end() {
        _ = stopWatch()
        guard !isOver else { return }
        isOver = true
        status.giveUp()
        copy.end(SIGKILL)
        let end = context.now + .seconds(2)
        while !status.isClosed, context.now < end {
            if let status = status.next() {
                if status.event == .ended, status.retries != true { return }
                if status.event == .forked { try? copies(status.pid ?? 0).send(SIGKILL) }
                continue
            }
            guard let descriptor = status.descriptor else { return }
            context.clock.wait(for: descriptor, atMost: .milliseconds(100))
        }
    }
}
