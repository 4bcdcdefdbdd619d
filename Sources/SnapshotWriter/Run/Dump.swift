import HeapSnapshot
import NodeProcess

/// One dump of one process: what all methods need, and the end that they share.
final class Dump {
    let request: SnapshotRequest
    let environment: RunEnvironment
    let target: TargetProcess
    let waiter: Waiter
    let journal: DumpJournal
    let output: any SnapshotOutput

    init(
        _ request: SnapshotRequest, in environment: RunEnvironment, of target: TargetProcess, waiter: Waiter,
        journal: DumpJournal, output: any SnapshotOutput
    ) {
        self.request = request
        self.environment = environment
        self.target = target
        self.waiter = waiter
        self.journal = journal
        self.output = output
        OutOfMemoryOrder.goFirst()
    }

    /// Waits for its turn. One heapdump at a time works on a process in the same way.
    func acquireLock(for purpose: DumpLock.Purpose) throws -> DumpLock? {
        var turn = Turn(request: request, waiter: waiter)
        return try DumpLock.acquire(on: target.handle, userID: target.uid, for: purpose) { descriptor, holder in
            try turn.wait(for: descriptor, heldBy: holder, of: "it") { journal.observe(.note($0)) }
        }
    }

    /// Waits for another heapdump that has a process open its inspector on the target's port.
    /// - Returns: whether there was one.
    func awaitPortLock() throws -> Bool {
        var hasWaited = false
        let lock = try DumpLock.acquire(portOf: target, request: request, waiter: waiter) {
            hasWaited = true
            journal.observe($0)
        }
        withExtendedLifetime(lock) {}
        return hasWaited
    }

    func makeSink() -> SnapshotSink {
        SnapshotSink(output: output) { self.impossibleBytes }
    }

    /// More than any snapshot of the target has, as it is now.
    var impossibleBytes: UInt64 {
        DumpEstimate.impossibleSnapshotBytes(anonymousBytes: target.currentAnonymousBytes())
    }

    func enter(_ phase: DumpPhase) { journal.enter(phase, waiter) }

    /// The same pid may run another program by now: exec keeps it, and takes all handlers away.
    func checkProgram() throws(DumpFailure) {
        switch target.programState() {
        case .runs: break
        case .replaced: throw .targetReplaced(waiter.phase)
        case .ended:
            // It shows as ended a moment after its memory is gone; how it ended, then.
            _ = target.handle.ends(within: .seconds(2))
            throw .targetDied(waiter.phase, bytes: waiter.bytes)
        }
    }

    /// Over the target while it takes its snapshot. `--timeout` goes before the time that any dump of its size takes.
    func makeStallWatch() -> StallWatch {
        var most: Duration?
        if environment.deadline.seconds == .infinity {
            let estimate = DumpEstimate(
                heap: nil, anonymousBytes: target.currentAnonymousBytes(), version: target.executable.version)
            most = .seconds(max(Self.leastPatience, estimate.pauseSeconds * 10))
        }
        return StallWatch(limit: request.stallTimeout, atMost: most, now: .now)
    }

    /// For the whole of a small dump, on a machine that is busy with other things, in seconds.
    private static let leastPatience = 3600.0

    /// Gives a target up that has done next to nothing for as long as was asked for, or is at it for too long.
    func checkStall(
        _ watch: inout StallWatch, _ sign: StallWatch.Sign, _ activity: MainThreadActivity?
    ) throws(DumpFailure) {
        if watch.isTooSlow(now: .now) { throw .tooSlow(waiter.phase) }
        guard watch.isStalled(sign, now: .now) else { return }
        throw .stalled(
            seconds: request.stallTimeout.inSeconds, waiter.phase,
            lastSeen: activity?.blockedIn.map { "its main thread is blocked in \($0)" } ?? "its main thread is idle")
    }

    /// Publishes what was written to the output, where it is valid.
    func publish(_ verdict: SnapshotVerdict) throws -> DumpOutcome {
        try publish(verdict) { try output.publish() }
    }

    /// The same, where something else than the output's own publishing is to be done.
    func publish(_ verdict: SnapshotVerdict, by place: () throws -> PublishedSnapshot) throws -> DumpOutcome {
        journal.note(.verdict(verdict))
        guard case .valid = verdict else { throw keepingPartial(DumpFailure.invalid(verdict, kept: nil)) }
        do {
            return DumpOutcome(published: try place())
        } catch {
            throw keepingPartial(error)
        }
    }

    /// Takes back what was written, for another try.
    /// - Returns: false where that cannot be.
    func restart() throws(OutputError) -> Bool {
        guard try output.restart() else { return false }
        waiter.bytes = 0
        return true
    }

    /// The failure as the user should see it, after what arrived has been kept where that was asked for.
    func keepingPartial(_ error: any Error) -> any Error {
        // The next method writes into the same file.
        if let failure = error as? DumpFailure, failure.allowsNextMethod { return error }
        let kept = keepPartial()
        switch error as? DumpFailure {
        case .invalid(let verdict, _): return DumpFailure.invalid(verdict, kept: kept)
        case .endless(let bytes, _): return DumpFailure.endless(bytes: bytes, kept: kept)
        default: return error
        }
    }

    /// Keeps what arrived where that was asked for.
    /// - Returns: its path; nil where nothing is kept.
    @discardableResult
    func keepPartial() -> String? {
        do {
            let kept = try output.keepPartial()
            if let kept { journal.warn("what arrived is kept as \(TerminalText.escaped(kept))") }
            return kept
        } catch {
            journal.warn("what arrived could not be kept: \(error.message)")
            return nil
        }
    }
}
