import Glibc
import HeapSnapshot
import NodeProcess

/// The dump by a signal on which the target writes a snapshot by itself: sends it, watches the file arrive, checks it, and
/// moves it to the output.
struct SignalMethod: DumpMethod {
    /// The plan's: `run` decides again.
    let grant: MethodGrant
    let dump: Dump

    func run() throws -> DumpOutcome {
        let lock = try dump.acquireLock(for: .signal)
        defer { withExtendedLifetime(lock) {} }
        // Not the plan's: others may have dumped meanwhile, and filled the disk.
        var facts = try TargetFacts.read(dump.target, for: dump.request, dump.waiter)
        facts.outputRoom = dump.output.room
        let signal: DumpSignal
        do throws(Refusal) {
            _ = try Self.decide(dump.request, facts)
            signal = try Self.choose(dump.request.signal, facts)
        } catch {
            throw DumpFailure.refused(Self.name, error)
        }
        return try SignalDump(dump: dump, signal: signal, facts: facts).run()
    }
}

/// One dump by one signal.
private struct SignalDump {
    let dump: Dump
    let signal: DumpSignal
    let facts: TargetFacts

    private var target: TargetProcess { dump.target }
    private var waiter: Waiter { dump.waiter }

    func run() throws -> DumpOutcome {
        let watch = try SnapshotWatch(target, signal)
        try send()
        let file = try orSayWhatIsPending(watch) { try awaitFile(watch) }
        dump.enter(.building)
        dump.journal.observe(.pauseExpected(seconds: facts.estimate.pauseSeconds, atMost: true))
        let verdict = try follow(file)
        dump.enter(.checking)
        let outcome = try move(file).run(verdict)
        if let other = watch.findAnother(than: file) {
            dump.journal.warn("the process writes another snapshot, which was asked for before: \(other) stays there")
        }
        return outcome
    }

    private func send() throws {
        if !signal.isProven {
            dump.journal.observe(
                .note("where it writes is known to the application alone: whether there is room was not looked at"))
        }
        try waiter.checkInterruption()
        try dump.checkProgram()
        // The last look before the signal: a handler that is gone by now means death.
        let signals = try target.currentSignals()
        guard signals.caught.contains(signal: signal.number), !signals.blocked.contains(signal: signal.number) else {
            throw DumpFailure.refused(.signal, .signalNoLongerCaught(signal.number))
        }
        try target.handle.send(signal.number)
        dump.journal.note(.signalled(signal))
        dump.enter(.waiting)
        dump.journal.observe(.detail("sent \(signal.name)"))
    }

    private func awaitFile(_ watch: SnapshotWatch) throws -> TargetSnapshot {
        var wait = SignalWait(
            signal: signal, stallTimeout: dump.request.stallTimeout, now: .now)
        while true {
            try dump.checkProgram()
            if let file = try watch.find() { return file }
            let activity = try MainThreadActivity.read(target.handle)
            let judgement = wait.judge(
                activity, stranger: watch.stranger, now: .now, mayWaitForChild: { target.mayWaitForChild() })
            switch judgement {
            case .goOn: break
            case .say(let text): dump.journal.observe(.note(text))
            case .giveUp(let failure): throw failure
            }
            dump.journal.observe(.progress(DumpProgress()))
            try watch.wait(waiter)
        }
    }

    /// A signal cannot be taken back: whoever stops waiting for the snapshot must know that it may come.
    private func orSayWhatIsPending(
        _ watch: SnapshotWatch, _ body: () throws -> TargetSnapshot
    ) throws -> TargetSnapshot {
        do {
            return try body()
        } catch {
            let place = signal.directories.map { TerminalText.escaped($0) }.joined(separator: " or ")
            switch DumpFailure(error) {
            case .targetDied, .targetReplaced, .process(.exited):
                dump.journal.warn(
                    "it ended after \(signal.name) was sent; most likely it could not write the snapshot"
                        + (signal.isProven ? " into \(place)" : "") + ": its standard error says why")
                if let file = watch.findRemains() { throw move(file).clearingAway(error) }
            default:
                dump.journal.warn(
                    "\(signal.name) cannot be taken back: once its event loop is free, process \(target.pid) writes a "
                        + "snapshot" + (signal.isProven ? " into \(place)" : ""))
            }
            throw error
        }
    }

    private func follow(_ file: TargetSnapshot) throws -> SnapshotVerdict {
        do {
            return try SnapshotFollower(dump: dump, file: file).run()
        } catch {
            switch DumpFailure(error) {
            case .interrupted, .runTimedOut, .stalled, .tooSlow, .endless:
                dump.journal.warn(
                    "the process goes on writing \(file.shownPath): heapdump check says when it is whole")
            case .targetDied, .targetReplaced, .invalid, .process(.exited):
                throw move(file).clearingAway(error)
            default: break
            }
            throw error
        }
    }

    private func move(_ file: TargetSnapshot) -> SnapshotMove {
        SnapshotMove(dump: dump, file: file, isProven: signal.isProven)
    }
}
