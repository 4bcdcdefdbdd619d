public import ArgumentParser
import SnapshotWriter

/// Whose heap, and how it is taken.
struct MethodOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whose heap: main, all, or the number of a worker thread; each in a file of its own.", valueName: "thread"))
    var thread = ThreadArgument.main

    @Option(name: .shortAndLong, help: "auto, fork, inspector or signal.")
    var method = SnapshotRequest.Method.auto

    @Flag(help: "Neither open nor use the inspector.")
    var noInspector = false

    @Option(
        help: ArgumentHelp(
            "Send this signal, on which the application is known to take a snapshot, and wait for the file.",
            discussion: "Not needed for --heapsnapshot-signal and the heapdump add-on.", valueName: "name"))
    var signal: SignalArgument?

    func validate() throws {
        if noInspector, needsInspector {
            throw ValidationError("--method \(method.rawValue) and --no-inspector exclude each other")
        }
        if signal != nil, needsInspector {
            throw ValidationError("--method \(method.rawValue) and --signal exclude each other")
        }
        if thread != .main, excludesFork || signal != nil {
            throw ValidationError("--thread \(thread.text) needs --method fork")
        }
    }

    private var needsInspector: Bool { method == .inspector || method == .fork }

    /// Whether no fork is to be tried.
    var excludesFork: Bool { noInspector || method == .inspector || method == .signal }

    func fill(_ request: inout SnapshotRequest) {
        request.method = method
        request.allowsInspector = !noInspector
        request.signal = signal?.number
    }
}

extension SnapshotRequest.Method: ExpressibleByArgument {}
