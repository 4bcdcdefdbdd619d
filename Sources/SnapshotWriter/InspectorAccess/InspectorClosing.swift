import Inspector
import Linux
import NodeProcess

/// Has a target close its inspector, and sees that it is closed.
///
/// Applications replace, freeze and delete what JavaScript closes an inspector by. So there are several ways, tried in turn,
/// and what counts is the listening socket, not the answer.
struct InspectorClosing {
    let session: any InspectorChannel
    /// Of the inspector's listening socket.
    let inode: UInt64
    let target: any LiveProcess
    /// Where the process was told to open it; nil where the kernel chooses.
    let port: UInt16?
    let clock: any RunClock

    enum Outcome: Equatable {
        case closed
        /// The target has not come to it yet; what was asked of it waits in its queue.
        case pending
        /// None of the ways works, with what each answered.
        case failed([String])
    }

    /// How long a socket may outlive an answer that says that it is closed.
    private static let aftermath = Duration.milliseconds(500)

    /// - Parameter patience: how long to wait for a target that is busy.
    func run(within patience: Duration) -> Outcome {
        let end = clock.now + patience
        var answers: [String] = []
        for way in Self.ways {
            let script = Self.script(way, port: port)
            guard let command = try? session.evaluate(script, hasRequire: way.contains("require(")) else {
                return awaitEnd(until: end)
            }
            switch awaitAnswer(to: command, until: end) {
            case .closed: return .closed
            case .pending: return .pending
            case .answered(let text):
                // Its own socket goes before the answer does, where it goes.
                if waitUntilGone(until: clock.now + (text == Self.done ? Self.aftermath : .zero)) { return .closed }
                answers.append(text)
            }
        }
        return .failed(answers)
    }

    /// The first is native code, and loads no JavaScript; the others are for applications that have replaced it. Each comes to
    /// false where what it needs is not there.
    private static let ways = [
        "typeof process === 'object' && typeof process._debugEnd === 'function' && (process._debugEnd(), true)",
        "typeof process === 'object' && typeof process.getBuiltinModule === 'function' "
            + "&& (process.getBuiltinModule('inspector').close(), true)",
        "typeof require === 'function' && (require('inspector').close(), true)",
        // Last, since to load that module reads all properties of `process`, and so opens its stdin.
        "typeof require === 'function' && (require('process')._debugEnd(), true)",
    ]

    private static let done = "done"

    /// Closes the inspector, and leaves the process as it was.
    ///
    /// With --inspect-port=0 Node keeps the port that the kernel chose, and asks for the same one the next time: by then it may
    /// be another program's.
    private static func script(_ way: String, port: UInt16?) -> String {
        let reset = port == nil ? "try { process.debugPort = 0 } catch {} " : ""
        return "(() => { \(reset)try { return \(way) ? '\(done)' : 'not there' } catch { return 'refused' } })()"
    }

    private enum Answer {
        case closed
        case pending
        case answered(String)
    }

    private func awaitAnswer(to command: Int, until end: ContinuousClock.Instant) -> Answer {
        while true {
            if isGone() { return .closed }
            do {
                while let message = try session.next() {
                    guard case .answer(command, let answer) = message else { continue }
                    if case .result(let result) = answer, let text = result.text { return .answered(text) }
                    return .answered("no answer that can be understood")
                }
            } catch {
                // The session ends with the inspector.
                return waitUntilGone(until: end) ? .closed : .pending
            }
            let left = clock.now.duration(to: end)
            if left <= .zero { return .pending }
            // The target's end and its answers show at once, its listening socket's end does not: hence the short steps.
            wait(for: session.descriptor, atMost: min(left, .milliseconds(2)))
        }
    }

    private func awaitEnd(until end: ContinuousClock.Instant) -> Outcome {
        waitUntilGone(until: end) ? .closed : .pending
    }

    private func waitUntilGone(until end: ContinuousClock.Instant) -> Bool {
        while !isGone() {
            let left = clock.now.duration(to: end)
            if left <= .zero { return false }
            target.ends(within: min(left, .milliseconds(2)), by: clock)
        }
        return true
    }

    /// Also where the target has ended.
    private func isGone() -> Bool {
        // They cannot be read of a process that is just ending.
        guard target.isAlive else { return true }
        guard let sockets = try? target.listeningSockets() else { return false }
        return !sockets.contains { $0.inode == inode }
    }

    private func wait(for descriptor: Int32, atMost duration: Duration) {
        var entries = [Poll.Entry(descriptor), Poll.Entry(target.descriptor)]
        clock.wait(for: &entries, atMost: duration)
    }
}
