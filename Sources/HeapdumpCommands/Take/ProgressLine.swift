import Glibc
import SnapshotWriter

/// The one line on a terminal that says what is going on and for how long.
final class ProgressLine {
    private let stream: StandardStream
    private var pid: Int32 = 0
    private var phase = DumpPhase.looking
    private var state = DumpProgress()
    private var begin = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?
    private var isVisible = false

    /// Often enough to look alive, seldom enough for a slow remote terminal.
    private static let interval = Duration.milliseconds(100)

    init(_ stream: StandardStream) {
        self.stream = stream
    }

    func begin(pid: Int32) {
        self.pid = pid
        begin = .now
        phase = .looking
        state = DumpProgress()
    }

    func enter(_ phase: DumpPhase) {
        self.phase = phase
        state.fraction = nil
        draw()
    }

    func show(_ state: DumpProgress) {
        // Between two of V8's progress events nothing new is known: the last figure stands.
        self.state = DumpProgress(bytes: state.bytes, fraction: state.fraction ?? self.state.fraction)
        if let lastShown, lastShown.duration(to: .now) < Self.interval { return }
        draw()
    }

    func clear() {
        guard isVisible, stream.isReady else { return }
        stream.write("\r\u{1B}[K")
        isVisible = false
    }

    private func draw() {
        guard stream.isReady else { return }
        var text = "process \(pid): \(phase.title)"
        if phase == .writing || phase == .childWriting { text += "  " + Printable.bytes(state.bytes) }
        if let fraction = state.fraction { text += "  \(Int(fraction * 100)) %" }
        text += "  " + Printable.seconds(begin.duration(to: .now).inSeconds)
        // A line that wraps could not be taken back.
        stream.write("\r\u{1B}[K" + String(text.prefix(max(0, stream.columns - 1))))
        isVisible = true
        lastShown = .now
    }
}

extension DumpPhase {
    fileprivate var title: String {
        switch self {
        case .looking: "looking at the process"
        case .openingInspector: "opening the inspector"
        case .forking: "forking it"
        case .waiting: "signal sent; it has not begun yet"
        case .building: "V8 builds the snapshot, JavaScript stands still"
        case .childBuilding: "a forked copy builds the snapshot, the process goes on"
        case .writing, .childWriting: "writing"
        case .checking: "checking"
        }
    }
}
