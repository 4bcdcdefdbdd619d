import Glibc
import HeapSnapshot
import Linux
import NodeProcess

/// Takes the snapshot from forked copies of the target, one after another until one has written it whole. The target's
/// agent makes them, reaps them and tells of it through a pipe.
final class ForkedDump {
    private let dump: Dump
    private let options: ForkOptions
    private let surroundings: CopySurroundings
    private let status: AgentStatusPipe
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

    init(
        _ answer: AgentAnswer, _ options: ForkOptions, _ surroundings: CopySurroundings, _ dump: Dump
    ) throws {
        self.dump = dump
        self.options = options
        self.surroundings = surroundings
        do {
            let copy = try ForkedCopy(
                pid: answer.pid ?? 0, output: answer.output ?? -1, go: answer.go ?? -1, of: dump.target)
            status = AgentStatusPipe(try copy.child.openPipe(answer.status ?? -1))
            copy.claim()
            copy.limitFromOutside(options, of: dump.target)
            self.copy = copy
        } catch {
            throw DumpFailure.refused(.fork, .copyOutOfReach(reason: error.message))
        }
        watch = try surroundings.take(in: copy.child)
        note(stallMicroseconds: answer.stallMicroseconds, calm: answer.calm)
    }

    func run() throws -> DumpOutcome {
        defer { end() }
        let verdict: SnapshotVerdict
        do {
            verdict = try receive()
        } catch {
            throw dump.keepingPartial(error)
        }
        return try dump.publish(verdict)
    }

    /// From one copy after another, until one has not failed as far as is known.
    private func receive() throws -> SnapshotVerdict {
        while true {
            let sink = dump.makeSink()
            let last = try receive(into: sink)
            note(last)
            if let alarm = stopWatch(), last?.tellsFailure != false {
                isOver = true
                throw DumpFailure.forkStarved(alarm.reason)
            }
            if let limit = surroundings.copyLimit, last?.signal == SIGKILL, surroundings.hasReachedItsLimit {
                isOver = true
                let reason = ByteText.text(limit)
                throw DumpFailure.forkStarved(
                    dump.request.copyMemoryLimit == nil
                        ? "its forked copy needed more than twice what was estimated, \(reason): --dump-memory-max allows it more"
                        : "its forked copy needed more than --dump-memory-max allows, \(reason): allow more")
            }
            guard let last, last.tellsFailure else {
                isOver = true
                return try finish(sink, last)
            }
            try goOn(after: last)
        }
    }

    private func finish(_ sink: SnapshotSink, _ last: AgentStatus?) throws -> SnapshotVerdict {
        let phase = dump.waiter.phase
        dump.enter(.checking)
        let verdict = sink.finish()
        // In a container the end of its first process is the end of all, and it comes last.
        let targetIsAlive = last == nil ? !dump.target.handle.ends(within: .seconds(1)) : dump.target.handle.isAlive
        guard case .valid = verdict else {
            if !targetIsAlive { throw DumpFailure.targetDied(phase, bytes: dump.waiter.bytes) }
            if last?.exitStatus != 0 { throw ForkFailure.failure(nil) }
            return verdict
        }
        sink.notes.forEach(dump.journal.warn)
        if !wasCalm {
            dump.journal.warn(
                "its threads never rested, so it was forked while they ran: had V8 been collecting garbage at that moment, "
                    + "objects could be missing; compare with a second dump")
        }
        if !targetIsAlive {
            dump.journal.warn("it has ended meanwhile; the snapshot, by a copy that was made before, is whole")
        }
        return verdict
    }

    /// - Returns: how the copy ended; nil where nobody told.
    private func receive(into sink: SnapshotSink) throws(DumpFailure) -> AgentStatus? {
        dump.enter(.childBuilding)
        copy.begin()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.portionBytes, alignment: 16)
        defer { buffer.deallocate() }
        var outputEnd: ContinuousClock.Instant?
        var last: AgentStatus?
        var watch = dump.makeStallWatch()
        var sign = StallWatch.Sign()
        while true {
            if outputEnd == nil, try drain(into: sink, through: buffer) { outputEnd = .now }
            // What comes after its end is about the next copy, which may be there already.
            while last == nil, let status = status.next() { if status.event == .ended { last = status } }
            if let outputEnd, last != nil || status.isClosed || outputEnd.duration(to: .now) > Self.patienceForEnd {
                return last
            }
            if outputEnd == nil, copy.isStuck() {
                dump.journal.observe(.detail("the forked copy stands still: ending it"))
                copy.end(SIGTERM)
            }
            sign.bytes = dump.waiter.bytes
            sign.cpuTime = copy.child.cpuTime ?? sign.cpuTime
            if outputEnd == nil, watch.isTooSlow(now: .now) { throw .tooSlow(dump.waiter.phase) }
            if outputEnd == nil, watch.isStalled(sign, now: .now) {
                throw .stalled(
                    seconds: dump.request.stallTimeout.inSeconds, dump.waiter.phase,
                    lastSeen: "its forked copy, process \(copy.child.handle.pid), is stopped or blocked")
            }
            try dump.waiter.waitWithoutTarget(
                for: outputEnd == nil ? copy.output.descriptor : nil, or: status.descriptor, atMost: Self.step)
            dump.journal.observe(
                .progress(DumpProgress(bytes: dump.waiter.bytes, fraction: sink.progress.fractionComplete)))
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
                if dump.waiter.phase == .childBuilding { dump.enter(.childWriting) }
                copy.noteBytes()
                try sink.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                dump.waiter.bytes += UInt64(count)
                try dump.waiter.checkInterruption()
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
        guard try dump.restart() else { throw DumpFailure.cannotTakeBack(ForkFailure.failure(last).message) }
        dump.journal.observe(.note("\(reason); trying again"))
        try takeNextCopy(reason)
    }

    private func takeNextCopy(_ reason: String) throws {
        let end = ContinuousClock.now + Self.patienceForNextCopy
        while true {
            while let status = status.next() {
                switch status.event {
                case .ended: continue
                case .failed: throw DumpFailure.forkFailed(reason + ", and no other can be made: \(status.error ?? "")")
                case .forked:
                    copy = try ForkedCopy(
                        pid: status.pid ?? 0, output: status.output ?? -1, go: status.go ?? -1, of: dump.target)
                    copy.claim()
                    copy.limitFromOutside(options, of: dump.target)
                    watch = try surroundings.take(in: copy.child)
                    note(stallMicroseconds: status.stallMicroseconds, calm: status.calm)
                    return
                }
            }
            if status.isClosed || .now > end {
                throw DumpFailure.forkFailed(reason + ", and its event loop is too busy to make another")
            }
            _ = try dump.waiter.wait(for: status.descriptor, atMost: Self.step)
        }
    }

    private func note(stallMicroseconds: Double?, calm: Int?) {
        wasCalm = calm != 0
        // The process says it: what no pause can be is no figure.
        guard let stallMicroseconds, (0...Self.longestPauseMicroseconds).contains(stallMicroseconds) else {
            dump.journal.note(.forked(pauseMilliseconds: nil))
            return
        }
        let milliseconds = (stallMicroseconds / 100).rounded() / 10
        dump.journal.note(.forked(pauseMilliseconds: milliseconds))
        dump.journal.observe(
            .detail("forked as process \(copy.child.handle.pid); JavaScript paused for \(milliseconds) ms"))
    }

    private func note(_ last: AgentStatus?) {
        guard let kilobytes = last?.peakKilobytes, (1...Self.mostKilobytes).contains(kilobytes) else { return }
        dump.journal.note(.copyPeak(kilobytes << 10))
    }

    private func stopWatch() -> MemoryWatch.Alarm? {
        defer { watch = nil }
        return watch?.stop()
    }

    /// Leaves no copy behind: the agent is waited for, so that it has reaped it.
    private func end() {
        _ = stopWatch()
        guard !isOver else { return }
        copy.end(SIGKILL)
        let end = ContinuousClock.now + .seconds(2)
        while !status.isClosed, .now < end {
            if let status = status.next() {
                if status.event == .ended, status.retries != true { return }
                if status.event == .forked { try? ForkedChild(status.pid ?? 0, of: dump.target).handle.send(SIGKILL) }
                continue
            }
            guard let descriptor = status.descriptor else { return }
            Poll.wait(for: descriptor, atMost: .milliseconds(100))
        }
    }
}
