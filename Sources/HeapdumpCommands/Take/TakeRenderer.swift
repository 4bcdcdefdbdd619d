import Glibc
import NodeProcess
import SnapshotWriter

/// Prints what `take` has to say: results on standard output, everything else on standard error.
final class TakeRenderer {
    private let json: Bool
    private let verbose: Bool
    private let snapshotOnStandardOutput: Bool
    /// Whether standard error carries the story; not where it carries the JSON.
    private let tellsStory: Bool
    private let progress: ProgressLine?

    init(json: Bool, quiet: Bool, verbose: Bool, snapshotOnStandardOutput: Bool) {
        self.json = json
        self.verbose = verbose
        self.snapshotOnStandardOutput = snapshotOnStandardOutput
        let jsonOnStandardError = json && snapshotOnStandardOutput
        tellsStory = !quiet && !jsonOnStandardError
        progress = tellsStory && StandardStreams.error.isTerminal ? ProgressLine(StandardStreams.error) : nil
    }

    var showsProgress: Bool { progress != nil }

    func observe(_ pid: Int32) -> (DumpEvent) -> Void {
        progress?.begin(pid: pid)
        return { [self] event in
            switch event {
            case .phase(let phase): progress?.enter(phase)
            case .progress(let state): progress?.show(state)
            case .pauseExpected(let seconds, let atMost):
                let time = (atMost ? "at most " : "") + "about \(max(1, Int(seconds.rounded(.up)))) s"
                story("process \(pid): JavaScript will stand still for \(time) while V8 takes the snapshot")
            case .note(let text): story("process \(pid): \(text)")
            case .warning(let text): story("process \(pid): warning: \(text)")
            case .detail(let text): if verbose { story("process \(pid): \(text)") }
            }
        }
    }

    /// - Returns: the report's exit code, or that of an output error where the result could not be printed.
    func finish(_ report: SnapshotReport) -> ExitCode {
        progress?.clear()
        if let error = report.error, !(json && snapshotOnStandardOutput) {
            fail(error)
        } else if report.hasSnapshot {
            story(Self.summary(report))
        }
        if json {
            let stream = snapshotOnStandardOutput ? StandardStreams.error : StandardStreams.output
            return stream.write(line: JSONLine.text(report)) ? report.exitCode : lostResult(report)
        }
        guard report.hasSnapshot, let file = report.file else { return report.exitCode }
        // Raw into a pipe, where it is a path; escaped on a terminal, where it is text.
        let line = StandardStreams.output.isTerminal ? TerminalText.escaped(file) : file
        return StandardStreams.output.write(line: line) ? report.exitCode : lostResult(report)
    }

    func fail(_ message: String) {
        progress?.clear()
        StandardStreams.error.write(line: "heapdump: " + Printable.text(message))
    }

    private func lostResult(_ report: SnapshotReport) -> ExitCode {
        fail(Output.failure(errno) + (report.file.map { "; the snapshot is \($0)" } ?? ""))
        return report.hasSnapshot ? .outputError : report.exitCode
    }

    private func story(_ line: String) {
        // A reader that does not read, or a terminal stopped with Ctrl-S, must not hold the dump up: the debug port may be
        // open.
        guard tellsStory, StandardStreams.error.isReady else { return }
        progress?.clear()
        StandardStreams.error.write(line: Printable.text(line))
    }

    private static func summary(_ report: SnapshotReport) -> String {
        var text = Printable.identity(report.target)
        if report.thread > 0 { text += ", worker thread \(report.thread)" }
        text += ": valid, \(Printable.bytes(report.bytes))"
        if let nodes = report.nodes, let edges = report.edges {
            text += ", \(Printable.count(nodes)) nodes, \(Printable.count(edges)) edges"
        }
        text += ", in " + Printable.seconds(report.milliseconds.total / 1000)
        if let pause = report.pauseMilliseconds { text += "; JavaScript paused for " + Printable.milliseconds(pause) }
        if let open = report.debugPortOpenMilliseconds {
            text += "; the debug port was open for " + Printable.seconds(open / 1000)
        }
        return text
    }
}
