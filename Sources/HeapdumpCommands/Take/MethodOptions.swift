public import ArgumentParser
import SnapshotWriter

/// Whose heap, and how it is taken.
struct MethodOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whose heap: main, all, or the number of a worker thread; each in a file of its own.", valueName: "thread"))
    var thread = ThreadArgument.main

    @Option(name: .shortAndLong, help: "auto, fork, ptrace, inspector or signal.")
    var method = SnapshotRequest.Method.auto

    @Flag(help: "Neither open nor use the inspector.")
    var noInspector = false

    @Flag(help: "Do not trace the process (ptrace).")
    var noPtrace = false

    @Flag(
        help: ArgumentHelp(
            "With ptrace, fork the process in the end even where it holds locks. It may hang or crash: the last resort.",
            discussion: "Without it heapdump gives up after --wait."))
    var unsafeStop = false

    @Option(
        help: ArgumentHelp(
            "Send this signal, on which the application is known to take a snapshot, and wait for the file.",
            discussion: "Not needed for --heapsnapshot-signal and the heapdump add-on.", valueName: "name"))
    var signal: SignalArgument?

    func validate() throws {
        if noInspector, needsInspector {
            throw ValidationError("--method \(method.rawValue) and --no-inspector exclude each other")
        }
        if noPtrace, method == .ptrace {
            throw ValidationError("--method ptrace and --no-ptrace exclude each other")
        }
        if noPtrace, unsafeStop {
            throw ValidationError("--unsafe-stop and --no-ptrace exclude each other")
        }
        if signal != nil, needsInspector || method == .ptrace {
            throw ValidationError("--method \(method.rawValue) and --signal exclude each other")
        }
        if thread != .main, excludesFork || signal != nil {
            throw ValidationError("--thread \(thread.text) needs --method fork or ptrace")
        }
    }

    private var needsInspector: Bool { method == .inspector || method == .fork }

    /// Whether no fork is to be tried.
    var excludesFork: Bool {
        switch method {
        case .auto: noInspector && noPtrace
        case .fork, .ptrace: false
        case .inspector, .signal: true
        }
    }

    func fill(_ request: inout SnapshotRequest) {
        request.method = method
        request.allowsInspector = !noInspector
        request.allowsPtrace = !noPtrace
        request.stopsUnsafely = unsafeStop
        request.signal = signal?.number
    }
}

extension SnapshotRequest.Method: ExpressibleByArgument {}
