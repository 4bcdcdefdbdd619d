import HeapAnalysis

/// The line on a terminal that says how far an analysis is, where it takes long enough to ask.
final class AnalysisProgress {
    private let stream: StandardStream?
    private let begin = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?

    private static let patience = Duration.milliseconds(500)
    private static let interval = Duration.milliseconds(100)

    init(_ stream: StandardStream) {
        self.stream = stream.isTerminal ? stream : nil
    }

    func reading(_ file: String, _ progress: LoadSnapshot.Progress) {
        guard let stream, isTime else { return }
        var text = "\(file): reading  \(Printable.bytes(progress.bytes))"
        if let fraction = progress.fraction { text += "  \(Int(fraction * 100)) %" }
        show(text, on: stream)
    }

    /// - Parameter fraction: of what is done, from 0 to 1.
    func writing(_ file: String, _ what: String, _ fraction: Double) {
        guard let stream, isTime else { return }
        show("\(file): writing \(what)  \(Int(fraction * 100)) %", on: stream)
    }

    func computing(_ file: String, _ what: String) {
        guard let stream, begin.duration(to: .now) > Self.patience else { return }
        show("\(file): \(what)", on: stream)
    }

    func clear() {
        guard let stream, lastShown != nil, stream.isReady else { return }
        stream.write("\r\u{1B}[K")
        lastShown = nil
    }

    private var isTime: Bool {
        if let lastShown { return lastShown.duration(to: .now) > Self.interval }
        return begin.duration(to: .now) > Self.patience
    }

    private func show(_ text: String, on stream: StandardStream) {
        guard stream.isReady else { return }
        stream.write("\r\u{1B}[K" + TextWidth.cut(text, to: max(1, stream.columns - 1)))
        lastShown = .now
    }
}
