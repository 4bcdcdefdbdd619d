import Glibc

/// Has the target forked at a moment when its other threads sleep; after many tries in vain, at any moment.
struct CalmFork {
    let observe: DumpObserver
    /// Passes time, or throws.
    let sleep: (Duration) throws -> Void

    /// Between two tries, and how many of them are in vain before any moment will do. A process that collects garbage all the time comes
    /// to a calm one within 15 to 120 ms.
    private static let pause = Duration.milliseconds(10)
    private static let mostRefusals = 30

    /// - Parameter fork: one try.
    /// - Returns: an answer with a child, or the first that says why there can be none.
    func run(_ wanted: ForkOptions, fork: (ForkOptions) throws -> AgentAnswer) throws -> AgentAnswer {
        var options = wanted
        var refusals = 0
        while true {
            let answer = try fork(options)
            guard answer.pid ?? 0 <= 0, answer.errno == EBUSY, !options.force else { return answer }
            refusals += 1
            options.force = refusals >= Self.mostRefusals
            if options.force {
                observe(.detail("its thread \(answer.busy ?? "") never rests: forking all the same"))
            }
            try sleep(Self.pause)
        }
    }
}
