import Inspector
import NodeProcess

/// A session with the target's inspector, in which an answer is awaited as long as the target shows signs of life.
struct InspectorDialogue {
    let channel: any InspectorChannel
    let target: any LiveProcess
    let patience: Patience
    let context: RunContext

    private var waiter: Waiter { context.waiter }

    /// Until the target's CPU time is looked at again.
    private static let longestSleep = Duration.milliseconds(200)

    /// The oldest message that has not been taken, nil if there is none now.
    func next() throws(DumpFailure) -> InspectorMessage? {
        // A target that never stops sending would keep signals and the deadline from being looked at.
        try waiter.checkInterruption()
        do {
            return try channel.next()
        } catch {
            // A lost connection is often the first sign of the target's end.
            try target.checkLoss(waiter)
            throw .inspectorLost(waiter.phase, error)
        }
    }

    /// Has a thread of the target evaluate a script.
    /// - Parameters:
    ///   - worker: the session of a worker thread; nil for the main thread.
    ///   - hasRequire: see `InspectorSession.evaluate`.
    func evaluate(_ script: String, inWorker worker: String?, hasRequire: Bool) throws -> InspectorAnswer {
        let command: Int
        do {
            command = try channel.evaluate(script, inWorker: worker, hasRequire: hasRequire)
        } catch {
            throw DumpFailure.inspectorLost(waiter.phase, error)
        }
        return try awaitMessage { message in
            switch (message, worker) {
            case (.answer(command, let answer), nil): answer
            case (.fromWorker(worker, .answer(command, let answer)), .some): answer
            default: nil
            }
        }
    }

    /// Takes messages until one of them is what is awaited.
    /// - Parameter result: made of each message; nil to go on.
    func awaitMessage<Result>(_ result: (InspectorMessage) throws -> Result?) throws -> Result {
        var stall = patience.begin()
        var sign = StallWatch.Sign()
        let mostBytes = channel.bytesTaken + InspectorLimits.bytesBeforeAnswer
        while true {
            while let message = try next() {
                if let result = try result(message) { return result }
                if channel.bytesTaken > mostBytes {
                    throw DumpFailure.inspectorLost(
                        waiter.phase, .closed(reason: "it sends other things than the answer, without end"))
                }
            }
            let activity = try? target.activity()
            if let activity { sign.cpuTime = activity.cpuTime }
            try stall.check(sign, activity)
            _ = try waiter.wait(for: channel.descriptor, atMost: Self.longestSleep)
        }
    }
}
