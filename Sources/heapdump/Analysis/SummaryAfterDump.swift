import Glibc
import HeapAnalysis
import HeapSnapshot
import NodeProcess
import SnapshotWriter

/// The short summary that `take` prints of what it has dumped.
enum SummaryAfterDump {
    /// Says on standard error what the snapshots hold. The dump is done: nothing here makes it fail.
    static func print(_ files: [String]) {
        letSignalsEnd()
        for file in files {
            do {
                let options = AnalysisOptions.defaults
                let opened = try AnalysisInput(options: options).open(file, path: Array(file.utf8CString))
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
