import HeapSnapshot
import NodeProcess

/// One dump by one signal: from the signal to the published file.
struct SignalDump {
    let signal: DumpSignal
    /// How long JavaScript may stand still for it, by the estimate.
    let pauseSeconds: Double
    let keepsPartial: Bool
    let target: any LiveProcess
    let author: SnapshotAuthor
    let delivery: Delivery
    let patience: Patience
    let context: RunContext

    private var waiter: Waiter { context.waiter }

    func run() throws -> PublishedSnapshot {
        let watch = try SnapshotWatch(author, signal)
        try send()
        let file = try orSayWhatIsPending(watch) { try awaitFile(watch) }
        context.enter(.building)
        context.observe(.pauseExpected(seconds: pauseSeconds, atMost: true))
        let verdict = try follow(file)
        context.enter(.checking)
        let published = try move(file).run(verdict)
        if let other = watch.findAnother(than: file) {
            context.warn("the process writes another snapshot, which was asked for before: \(other) stays there")
        }
        return published
    }

    private func send() throws {
        if !signal.isProven {
            context.observe(
                .note("where it writes is known to the application alone: whether there is room was not looked at"))
        }
        try waiter.checkInterruption()
        try target.checkProgram(waiter)
        // The last look before the signal: a handler that is gone by now means death.
        let signals = try target.signals()
        guard signals.caught.contains(signal: signal.number), !signals.blocked.contains(signal: signal.number) else {
            throw DumpFailure.refused(.signal, .signalNoLongerCaught(signal.number))
        }
        try target.send(signal.number)
        context.note(.signalled(signal))
        context.enter(.waiting)
        context.observe(.detail("sent \(signal.name)"))
    }

    private func awaitFile(_ watch: SnapshotWatch) throws -> TargetSnapshot {
        var wait = SignalWait(signal: signal, stallTimeout: patience.stallTimeout, now: context.now)
        while true {
            try target.checkProgram(waiter)
            if let file = try watch.find() { return file }
            let activity = try target.activity()
            let judgement = wait.judge(
                activity, stranger: watch.stranger, now: context.now, mayWaitForChild: { target.mayWaitForChild() })
            switch judgement {
            case .goOn: break
            case .say(let text): context.observe(.note(text))
            case .giveUp(let failure): throw failure
            }
            context.observe(.progress(DumpProgress()))
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
                context.warn(
                    "it ended after \(signal.name) was sent; most likely it could not write the snapshot"
                        + (signal.isProven ? " into \(place)" : "") + ": its standard error says why")
                if let file = watch.findRemains() { throw move(file).clearingAway(error) }
            default:
                context.warn(
                    "\(signal.name) cannot be taken back: once its event loop is free, process \(target.pid) writes a "
                        + "snapshot" + (signal.isProven ? " into \(place)" : ""))
            }
            throw error
        }
    }

    private func follow(_ file: TargetSnapshot) throws -> SnapshotVerdict {
        do {
            return try SnapshotFollower(
                file: file, target: target, impossibleBytes: delivery.impossibleBytes, patience: patience,
                context: context
            ).run()
        } catch {
            switch DumpFailure(error) {
            case .interrupted, .runTimedOut, .stalled, .tooSlow, .endless:
                context.warn(
                    "the process goes on writing \(file.shownPath): heapdump check says when it is whole")
            case .targetDied, .targetReplaced, .invalid, .process(.exited):
                throw move(file).clearingAway(error)
            default: break
            }
            throw error
        }
    }

    private func move(_ file: TargetSnapshot) -> SnapshotMove {
        SnapshotMove(
            file: file, isProven: signal.isProven, keepsPartial: keepsPartial, delivery: delivery, context: context)
    }
}
