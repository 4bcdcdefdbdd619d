import Inspector
import NodeProcess

/// Opening and closing the inspector, as the methods need it that work through it.
extension Dump {
    /// Opens the inspector for what needs it, and closes it again right after: every moment that the port is open counts.
    func withInspector<Result>(_ body: (InspectorAccess) throws -> Result) throws -> Result {
        let access = try openInspector()
        let result: Result
        do {
            result = try body(access)
        } catch {
            release(access, patience: .seconds(1))
            throw error
        }
        release(access, patience: .seconds(5))
        return result
    }

    private func openInspector() throws -> InspectorAccess {
        enter(.openingInspector)
        let opener = InspectorOpener(
            target: target, request: request, waiter: waiter, loop: environment.loop,
            guardianCommand: environment.guardianCommand,
            observe: journal.observe)
        let access: InspectorAccess
        do {
            access = try opener.open()
        } catch  where !(error is DumpFailure) {
            // A connection that is refused is often the first sign of another program, or of the end.
            try checkLoss()
            throw error
        }
        if let version = access.runtimeVersion { journal.note(.runtimeVersion(version)) }
        return access
    }

    /// Node lets go of its connections a moment before it ends or becomes another program.
    private func checkLoss() throws(DumpFailure) {
        if target.handle.ends(within: .seconds(1)) { throw .targetDied(waiter.phase, bytes: waiter.bytes) }
        try checkProgram()
    }

    private func release(_ access: InspectorAccess, patience: Duration) {
        defer { journal.note(.strangers(access.strangers())) }
        switch access.release(patience: patience) {
        case .leftOpen: break
        case .closed(let after, var watched):
            let isOver = watched.end(within: .milliseconds(50))
            journal.note(.inspectorClosed(after: after, isOver ? nil : watched))
        case .stillOpen(let open): journal.note(.inspectorLeftOpen(open))
        }
    }

    /// The oldest message that has not been taken, nil if there is none now.
    func next(of session: InspectorSession) throws(DumpFailure) -> InspectorMessage? {
        // A target that never stops sending would keep signals and the deadline from being looked at.
        try waiter.checkInterruption()
        do {
            return try session.next()
        } catch {
            // A lost connection is often the first sign of the target's end.
            try checkLoss()
            throw .inspectorLost(waiter.phase, error)
        }
    }

    /// Has a thread of the target evaluate a script.
    /// - Parameters:
    ///   - worker: the session of a worker thread; nil for the main thread.
    ///   - hasRequire: see `InspectorSession.evaluate`.
    func evaluate(
        _ script: String, in session: InspectorSession, worker: String?, hasRequire: Bool = false
    ) throws -> InspectorAnswer {
        let command: Int
        do {
            command = try session.evaluate(script, inWorker: worker, hasRequire: hasRequire)
        } catch {
            throw DumpFailure.inspectorLost(waiter.phase, error)
        }
        return try awaitMessage(of: session) { message in
            switch (message, worker) {
            case (.answer(command, let answer), nil): answer
            case (.fromWorker(worker, .answer(command, let answer)), .some): answer
            default: nil
            }
        }
    }

    /// Takes messages until one of them is what is awaited, as long as the target shows signs of life.
    /// - Parameter result: made of each message; nil to go on.
    func awaitMessage<Result>(
        of session: InspectorSession, _ result: (InspectorMessage) throws -> Result?
    ) throws -> Result {
        var watch = makeStallWatch()
        var sign = StallWatch.Sign()
        let mostBytes = session.bytesTaken + InspectorLimits.bytesBeforeAnswer
        while true {
            while let message = try next(of: session) {
                if let result = try result(message) { return result }
                if session.bytesTaken > mostBytes {
                    throw DumpFailure.inspectorLost(
                        waiter.phase, .closed(reason: "it sends other things than the answer, without end"))
                }
            }
            let activity = try? MainThreadActivity.read(target.handle)
            if let activity { sign.cpuTime = activity.cpuTime }
            try checkStall(&watch, sign, activity)
            _ = try waiter.wait(for: session.descriptor, atMost: Self.longestSleep)
        }
    }

    /// Until the target's CPU time is looked at again.
    private static let longestSleep = Duration.milliseconds(200)
}
