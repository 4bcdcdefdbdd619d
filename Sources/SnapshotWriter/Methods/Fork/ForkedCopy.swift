import Glibc
import Linux
import NodeProcess

/// A forked copy of the target that waits until it is claimed and for the word to begin, and then writes the snapshot into
/// a pipe.
final class ForkedCopy {
    let process: any CopyProcess
    let output: PipeReader
    private let go: Descriptor
    private let clock: any RunClock
    private var quietSince: (cpuTime: Duration, ContinuousClock.Instant)?

    /// How long it may neither write, run nor end: of what it could wait for, nothing is left.
    private static let longestSilence = Duration.seconds(5)

    /// - Parameters:
    ///   - output: number of the pipe's reading end in the copy.
    ///   - go: number of the writing end of the pipe that it waits on.
    init(_ process: any CopyProcess, output: Int32, go: Int32, by clock: any RunClock) throws(ProcessError) {
        self.process = process
        self.clock = clock
        self.output = PipeReader(try process.openPipe(output, forWriting: false))
        self.go = try process.openPipe(go, forWriting: true)
        self.output.enlarge()
    }

    /// Says that all its pipes are open. From here on it ends at once when heapdump does, and no longer after a while.
    func claim() { sendWord() }

    /// The pipe stays open: a copy that nobody in the target watches ends with it.
    func begin() { sendWord() }

    private func sendWord() {
        let word: [UInt8] = [1]
        // A copy that has ended meanwhile is noticed by its pipe's end.
        word.withUnsafeBytes { try? go.write($0) }
    }

    /// Whether it has stood still for too long. To be asked while its pipe is empty.
    func isStuck() -> Bool {
        guard let cpuTime = process.cpuTimeAsleep else {
            quietSince = nil
            return false
        }
        guard let (before, since) = quietSince, before == cpuTime else {
            quietSince = (cpuTime, clock.now)
            return false
        }
        return since.duration(to: clock.now) > Self.longestSilence
    }

    func noteBytes() { quietSince = nil }

    /// SIGTERM makes the agent try another copy, SIGKILL makes it stop.
    func end(_ signal: Int32) { try? process.send(signal) }
}
