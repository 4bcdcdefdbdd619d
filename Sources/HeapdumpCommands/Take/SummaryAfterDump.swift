import Glibc
import HeapAnalysis
import HeapSnapshot
import NodeProcess
import SnapshotWriter

/// The short summary that `take` prints of what it has dumped.
enum SummaryAfterDump {
    struct File {
        let path: String
        /// In bytes: the memory that an analysis takes.
        let needed: UInt64

        init(path: String, _ report: SnapshotReport) {
            self.path = path
            needed = AnalysisMemory.estimate(
                nodes: report.nodes ?? 0, edges: report.edges ?? 0, documentBytes: report.bytes)
        }
    }

    /// Says on standard error what the snapshots hold. The dump is done: nothing here makes it fail.
    /// - Parameter isAskedFor: else the host that was just dumped keeps half of the memory that it has left.
    static func print(_ files: [File], isAskedFor: Bool) {
        letSignalsEnd()
        for snapshot in files {
            let file = snapshot.path
            if !isAskedFor, let available = AnalysisMemory.read().available, snapshot.needed > available / 2 {
                StandardStreams.error.write(
                    line: "no summary: it would take about \(Printable.bytes(snapshot.needed)) of memory, "
                        + "\(Printable.bytes(available)) are there; heapdump summary \(TerminalText.escaped(file))")
                continue
            }
            do {
                let options = AnalysisOptions.defaults
                let opened = try AnalysisInput(options: options).open(
                    file, path: Array(file.utf8CString), isSummarized: true)
                let text = SummaryText(summary: try opened.summary(), width: min(100, StandardStreams.error.columns))
                let head = files.count > 1 ? [HeapTextPrinter.name(file, longest: 100)] : []
                StandardStreams.error.write(
                    line: (["", head.joined()] + text.short()).drop { $0.isEmpty }.joined(separator: "\n"))
            } catch {
                StandardStreams.error.write(line: "heapdump: no summary; the snapshot itself is whole")
            }
        }
        StandardStreams.error.write(line: "\nheapdump summary, report, retainers and show say more of a snapshot.")
    }

    /// A dump defers them until it has left the process in order. Here there is nothing to put in order.
    private static func letSignalsEnd() {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, signal) }
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        signal(SIGTSTP, SIG_DFL)
    }
}
