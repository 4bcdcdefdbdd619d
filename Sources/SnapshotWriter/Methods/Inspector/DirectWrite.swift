import Inspector
import NodeProcess

/// The snapshot as the target writes it into a pipe by itself, at the word of `Runtime.evaluate`.
final class DirectWrite {
    private let channel: any InspectorChannel
    private let clock: any RunClock
    private let pipe: SnapshotPipe
    private(set) var command: Int?
    private var hasEnded = false
    private var answered: ContinuousClock.Instant?

    /// A child of the target's may hold the pipe open as well: V8's answer says that all was written.
    private static let patienceAfterAnswer = Duration.seconds(2)

    /// - Returns: nil where the target could not open the pipe.
    init?(channel: any InspectorChannel, target: TargetProcess, by clock: any RunClock) {
        guard let pipe = SnapshotPipe(for: target) else { return nil }
        self.channel = channel
        self.clock = clock
        self.pipe = pipe
    }

    func send() throws(InspectorError) { command = try channel.evaluate(pipe.expression, hasRequire: false) }

    /// - Returns: why nothing was written; nil where the snapshot was.
    func refusal(in answer: InspectorAnswer) -> String? {
        switch answer {
        case .result(let result) where result.isTrue:
            answered = clock.now
            pipe.closeWriter()
            return nil
        case .result(let result):
            // The first line: the others are where it was thrown.
            return (result.text ?? result.exception).map { String($0.prefix { $0 != "\n" }) } ?? "it does not say why"
        case .failure(let reason):
            return reason
        }
    }

    /// Passes on what is there.
    func drain(
        into buffer: UnsafeMutableRawBufferPointer, _ take: (UnsafeRawBufferPointer) throws(DumpFailure) -> Void
    ) throws(DumpFailure) {
        while !hasEnded {
            switch pipe.read(into: buffer) {
            case .nothingYet: return
            case .end: hasEnded = true
            case .bytes(let count):
                // The target has it open: from here on the pipe's end is the target's.
                pipe.closeWriter()
                try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }

    var isComplete: Bool {
        guard let answered else { return false }
        return hasEnded || answered.duration(to: clock.now) > Self.patienceAfterAnswer
    }

    /// To wait for; nil once there is nothing more to come.
    var descriptor: Int32? { hasEnded ? nil : pipe.descriptor }
}
