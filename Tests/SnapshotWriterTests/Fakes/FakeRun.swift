import Glibc
import Linux

@testable import SnapshotWriter

/// A run that no process takes part in: the test moves its clock and sends its signals, and keeps what it tells.
final class FakeRun {
    let clock = FakeClock()
    let signals: FakeSignals
    let context: RunContext
    private let log = Log()

    private final class Log {
        var events: [DumpEvent] = []
    }

    /// - Parameter timeout: of the whole run, in seconds.
    init(timeout: Double? = nil) throws {
        signals = try FakeSignals()
        let request = SnapshotRequest(pid: 1, output: try OutputPattern(nil))
        context = RunContext(
            waiter: Waiter(signals, until: RunDeadline(seconds: timeout, now: clock.now), by: clock),
            journal: DumpJournal(request, by: clock) { [log] in log.events.append($0) })
    }

    func patience(stall: Duration = .seconds(120), most: Duration? = nil) -> Patience {
        Patience(stallTimeout: stall, most: { most }, context: context)
    }

    var warnings: [String] {
        log.events.compactMap { if case .warning(let text) = $0 { text } else { nil } }
    }

    var notes: [String] {
        log.events.compactMap { if case .note(let text) = $0 { text } else { nil } }
    }

    var details: [String] {
        log.events.compactMap { if case .detail(let text) = $0 { text } else { nil } }
    }

    /// To be asked once, at the end.
    func report() -> SnapshotReport { context.journal.finish(bytes: context.waiter.bytes) }
}

final class FakeSignals: RunSignals {
    private let pipe: TestPipe
    private var number: Int32?

    init() throws { pipe = try TestPipe() }

    var descriptor: Int32 { pipe.reader }

    func send(_ signal: Int32) {
        number = signal
        pipe.write("!")
    }

    func take() -> Int32? {
        _ = pipe.read()
        defer { number = nil }
        return number
    }
}

/// What a body failed with, as a run would report it.
func failure(of body: () throws -> Void) -> DumpFailure? {
    do {
        try body()
        return nil
    } catch {
        return DumpFailure(error)
    }
}
