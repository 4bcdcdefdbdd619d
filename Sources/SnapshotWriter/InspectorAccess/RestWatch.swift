import NodeProcess

/// Waits for a moment at which the main thread waits in its event loop, so that SIGUSR1 does not reach it in the middle of JavaScript. Fed with
/// what is seen; looks at nothing itself.
///
/// Node opens its inspector as an interrupt of JavaScript, and emits an event of `process` there: a wrapper of `process.emit`
/// runs in the middle of somebody else's function. In Node 18 that can end the process. V8 10 looks for interrupts in the
/// getter of a typed array's length too, which Node's `pushAsyncContext` calls between two halves of one change; the
/// event then takes the resource away that has just been put down, and a program that uses AsyncLocalStorage ends with
/// "Cannot read properties of undefined (reading 'Symbol(kResourceStore)')". docs/undisturbed.md says how often, and on which.
struct RestWatch {
    enum Verdict: Equatable {
        case goesOn
        /// The signal may be sent.
        case isOver
        /// It never sleeps, and the signal could end it.
        case neverRests
    }

    /// Whether an interrupt in the middle of JavaScript could end the process. A Node whose release is unknown is taken for one.
    let isDelicate: Bool
    private let began: ContinuousClock.Instant
    private var firstCalls: UInt64?
    /// How many looks in a row have seen it sleep.
    private var looksAsleep = 0

    /// How long an interrupt that does no harm is put off.
    static let politePatience = Duration.milliseconds(200)
    /// How long to look where it may do harm.
    static let patience = Duration.seconds(10)
    /// Where a main thread sleeps on, it does so in a call of its own; where it wakes again it may have waited for a page
    /// or for threads that collect garbage, in the middle of a function. Looks are 1 ms apart.
    static let looksUntilAsleep = 10
    /// The same where it may do harm: on a machine that is busy with other things, those threads wait for a processor themselves.
    static let looksUntilSurelyAsleep = 100
    /// After which a main thread that has hardly read or written is known to compute, within one function: the event loop and
    /// what it calls do not turn.
    static let timeToTell = Duration.seconds(1)
    /// Of a program that says now and then what it does.
    static let fewCalls: UInt64 = 20

    init(_ version: NodeVersion?, now: ContinuousClock.Instant) {
        isDelicate = version.map { (17...19).contains($0.major) } ?? true
        began = now
    }

    /// - Parameter calls: of the main thread, to read and to write; nil where they may not be counted.
    mutating func take(_ activity: MainThreadActivity, calls: UInt64?, now: ContinuousClock.Instant) -> Verdict {
        let isAsleep = activity.state != "R"
        looksAsleep = isAsleep ? looksAsleep + 1 : 0
        let enough = isDelicate ? Self.looksUntilSurelyAsleep : Self.looksUntilAsleep
        if isAsleep && activity.isInEventLoop || looksAsleep == enough { return .isOver }
        let waited = began.duration(to: now)
        guard isDelicate else { return waited < Self.politePatience ? .goesOn : .isOver }
        if firstCalls == nil { firstCalls = calls }
        guard waited >= Self.timeToTell else { return .goesOn }
        if let firstCalls, let calls, waited < Self.timeToTell * 2, calls &- firstCalls < Self.fewCalls {
            return .isOver
        }
        return waited < Self.patience ? .goesOn : .neverRests
    }
}
