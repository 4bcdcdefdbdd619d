import HeapSnapshot
import Inspector
import NodeProcess

/// Takes the snapshot through V8's `HeapProfiler`, whose chunks carry the file's text.
struct InspectorCapture {
    let dialogue: InspectorDialogue
    let version: NodeVersion?
    /// In seconds; nil for any time.
    let maxPause: Double?
    let reportsProgress: Bool
    /// Made when the snapshot is to be ordered; nil if messages carry it.
    let makeDirect: () -> DirectWrite?
    let sink: SnapshotSink

    private var context: RunContext { dialogue.context }
    private var channel: any InspectorChannel { dialogue.channel }
    private var waiter: Waiter { context.waiter }

    /// How long to sleep at most before the target's CPU time is looked at again.
    private static let step = Duration.milliseconds(200)
    /// Small enough to stay in a core's cache from decoding over checking to writing, whatever a chunk's size is.
    private static let portionBytes = 128 << 10

    func run() throws(DumpFailure) {
        do {
            try receive()
        } catch {
            // The answer to the command is lost, the file is not: its last byte was there.
            guard case .inspectorLost = error, sink.progress.fractionComplete == 1 else { throw error }
        }
    }

    private func receive() throws(DumpFailure) {
        var stall = dialogue.patience.begin()
        var sign = StallWatch.Sign()
        // Asked first, so that a target blocked in native code is found out before a snapshot stands in its queue, which
        // could not be taken back.
        let usage = channel.send("Runtime.getHeapUsage")
        var order = SnapshotOrder(
            channel: channel, version: version, reportsProgress: reportsProgress, by: context.clock)
        var direct = makeDirect()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.portionBytes, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            while let message = try dialogue.next() {
                switch message {
                case .answer(usage, let answer):
                    // Whatever the target says: a figure that no heap has is not shown.
                    if case .result(let result) = answer, let heapBytes = result.usedSize,
                        (0..<1e13).contains(heapBytes)
                    {
                        let seconds = StallEstimate.seconds(heapBytes: heapBytes, version: version)
                        if let limit = maxPause, seconds > limit {
                            throw .pauseTooLong(seconds: seconds, limit: limit)
                        }
                        observe(.pauseExpected(seconds: seconds, atMost: false))
                    }
                    context.enter(.building)
                    if let direct {
                        observe(.detail("asking it to write the snapshot into a pipe"))
                        try send(direct)
                    } else {
                        order.send(isIdle: isIdle())
                    }
                case .answer(let id, let answer) where direct?.command == id:
                    if let reason = direct?.refusal(in: answer) {
                        if waiter.bytes > 0 { throw .snapshotRefused(reason) }
                        observe(
                            .detail(
                                "it does not write into a pipe of heapdump's (\(reason)): messages carry the snapshot"))
                        direct = nil
                        order.send(isIdle: isIdle())
                    }
                case .answer(let id, .result) where order.contains(id):
                    return
                case .answer(let id, .failure(let reason)) where order.contains(id):
                    throw .snapshotRefused(reason)
                case .snapshotProgress(let done, let total):
                    sign.progressEvents += 1
                    let fraction = total > 0 ? min(1, Double(done) / Double(total)) : nil
                    observe(.progress(DumpProgress(bytes: waiter.bytes, fraction: fraction)))
                case .snapshotChunk(let chunk):
                    try write(chunk, through: buffer)
                    sign.bytes = waiter.bytes
                case .answer(let id, _):
                    if isSilent(sign) { order.noteAnswer(id) }
                case .workerAttached, .fromWorker, .event:
                    break
                }
            }
            if let direct {
                try direct.drain(into: buffer) { bytes throws(DumpFailure) in try write(bytes) }
                sign.bytes = waiter.bytes
                if direct.isComplete { return }
            }
            let activity = activity()
            if isSilent(sign) { order.probeIfSilent() }
            if let activity { sign.cpuTime = activity.cpuTime }
            try stall.check(sign, activity)
            _ = try waiter.wait(for: channel.descriptor, or: direct?.descriptor, atMost: Self.step)
            observe(.progress(DumpProgress(bytes: waiter.bytes, fraction: sink.progress.fractionComplete)))
        }
    }

    private func observe(_ event: DumpEvent) { context.observe(event) }

    private func isIdle() -> Bool { activity()?.isInEventLoop ?? true }

    private func send(_ direct: DirectWrite) throws(DumpFailure) {
        do {
            try direct.send()
        } catch {
            throw .inspectorLost(waiter.phase, error)
        }
    }

    /// Whether nothing has been heard of the snapshot yet.
    private func isSilent(_ sign: StallWatch.Sign) -> Bool { sign.bytes == 0 && sign.progressEvents == 0 }

    private func activity() -> MainThreadActivity? { try? dialogue.target.activity() }

    private func write(_ chunk: SnapshotChunk, through buffer: UnsafeMutableRawBufferPointer) throws(DumpFailure) {
        var rest = chunk
        while true {
            let count: Int
            do {
                count = try rest.decode(into: buffer)
            } catch {
                throw .inspectorLost(waiter.phase, error)
            }
            if count == 0 { return }
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(DumpFailure) {
        if waiter.phase == .building { context.enter(.writing) }
        try sink.write(bytes)
        waiter.bytes += UInt64(bytes.count)
        try waiter.checkInterruption()
    }
}
