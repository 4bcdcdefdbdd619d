public import ArgumentParser
import Glibc
import NodeProcess
import SnapshotWriter

struct Take: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a heap snapshot of a running Node process (the default command).",
        discussion: """
            A forked copy of the process writes the snapshot, so that JavaScript stands still for milliseconds only. The copy \
            is made by an agent that heapdump has the process load through V8's inspector. Where the inspector is not open \
            yet, heapdump opens it with one SIGUSR1 and closes it again as soon as the copy is there; an application that \
            handles SIGUSR1 itself runs its own handler instead, and --no-inspector keeps heapdump from sending it. The \
            process logs "Debugger listening on ..." to its standard error. While the debug port is open, users of the same \
            host can connect to it.

            Where it cannot be forked, V8 takes the snapshot in the process itself, through the inspector or by a signal that \
            it is proven to dump on (--heapsnapshot-signal, the heapdump add-on): JavaScript stands still meanwhile, for \
            seconds to minutes by heap size, and no longer than --max-pause. A signal that the process does not catch is \
            never sent. --dry-run tells what would be done, and does nothing.

            The file appears under its final name only when it is complete and valid. It holds all strings of the heap, \
            secrets included: it is readable by its owner alone.

            EXAMPLES
              heapdump 1234
              heapdump 1234 -o /var/dumps/%n-%p-%t.heapsnapshot
              heapdump 1234 1235 -o /var/dumps/ --timeout 300
              heapdump 1234 -o - | gzip > leak.heapsnapshot.gz
              heapdump 1234 --json -q
              heapdump 1234 --dry-run
              heapdump 1234 --thread all -o %p-%w.heapsnapshot
              heapdump 1234 --signal SIGUSR2     the application dumps on SIGUSR2
              heapdump --name server.js
              heapdump --pid-file /run/app.pid -o /var/dumps/

            EXIT STATUS (of the first process that failed, where there are several)
            \(ExitCodeTable.text)
            """)

    @OptionGroup
    var targets: TargetOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A file, a directory, or - for standard output; %p pid, %t UTC time, %h host, %n script name, %w thread, %% percent sign.",
            discussion: "Default: heapdump-<sec>.<usec>.heapsnapshot in the working directory.",
            valueName: "path"))
    var output: String?

    @Flag(help: "Replace the output where it is an existing regular file.")
    var overwrite = false

    @Flag(help: "Keep a snapshot that is not valid as <path>.partial.")
    var keepPartial = false

    @Option(
        help: ArgumentHelp(
            "Whose heap: main, all, or the number of a worker thread; each in a file of its own.", valueName: "thread"))
    var thread = ThreadArgument.main

    @Option(name: .shortAndLong, help: "auto, fork, inspector or signal.")
    var method = SnapshotRequest.Method.auto

    @Option(
        help: ArgumentHelp(
            "Take no snapshot in the process itself that would stop JavaScript for longer, as estimated; or unlimited.",
            discussion: "Default: 10, and unlimited where --method names another than fork.", valueName: "time"))
    var maxPause: PauseArgument?

    @Flag(help: "Take the snapshot also where memory is too tight for it by the estimate.")
    var forceMemory = false

    @Option(
        help: ArgumentHelp(
            "What a forked copy may take: 512M, 2GiB. It runs in a control group of its own; usually needs root.",
            valueName: "size"))
    var dumpMemoryMax: ByteCount?

    @Option(
        help: ArgumentHelp(
            "Niceness of a forked copy, up to 19 (default: 5 more than that of the process, which stays as it is).",
            valueName: "n"))
    var nice: Int?

    @Flag(help: "Neither open nor use the inspector.")
    var noInspector = false

    @Option(
        help: ArgumentHelp(
            "Send this signal, on which the application is known to take a snapshot, and wait for the file.",
            discussion: "Not needed for --heapsnapshot-signal and the heapdump add-on.", valueName: "name"))
    var signal: SignalArgument?

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Say on standard error what the snapshot holds, and what leaks.",
            discussion: """
                Default: where standard error is a terminal, without --quiet and --json, and it takes no more than half of the \
                memory that is there.
                """))
    var summary: Bool?

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Give up the whole run after this time: 90, 90s, 5m.",
            discussion:
                "Default: never, but for a snapshot that takes ten times as long as is estimated, and an hour at least.",
            valueName: "time"))
    var timeout: Seconds?

    @Option(
        help: ArgumentHelp(
            "How long to wait for something temporary that is in the way; 0 ends at once, with status 75.",
            discussion: "Default: for another heapdump as long as --timeout allows, for anything else 10.",
            valueName: "time"))
    var wait: WaitingTime?

    @Option(
        help: ArgumentHelp(
            "Give up when the process sends next to nothing and uses hardly any CPU for this time.",
            valueName: "time"))
    var stallTimeout = Seconds(120)

    @Flag(name: .shortAndLong, help: "Print errors and the path only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Tell every step.")
    var verbose = false

    @Flag(help: "Print one JSON object a process: on standard output, or on standard error with --output -.")
    var json = false

    func validate() throws {
        if noInspector, needsInspector {
            throw ValidationError("--method \(method.rawValue) and --no-inspector exclude each other")
        }
        if signal != nil, needsInspector {
            throw ValidationError("--method \(method.rawValue) and --signal exclude each other")
        }
        if let nice, !(-20...19).contains(nice) { throw ValidationError("--nice is between -20 and 19") }
        if noInspector || method == .inspector || method == .signal {
            if dumpMemoryMax != nil { throw ValidationError("--dump-memory-max needs --method fork, or auto") }
            if nice != nil { throw ValidationError("--nice needs --method fork, or auto") }
        }
        if summary == true, try pattern().isStandardOutput {
            throw ValidationError("--summary needs a file: the snapshot goes to standard output")
        }
        if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
        if output?.unicodeScalars.contains("\u{FFFD}") == true {
            throw ValidationError("the output path is not valid UTF-8; use another name")
        }
        let pattern = try pattern()
        if targets.pid.count > 1, !pattern.isDistinctPerProcess() {
            throw ValidationError("several processes need an --output with %p, a directory, or none")
        }
        if thread == .all, !pattern.isDistinctPerThread() {
            throw ValidationError("--thread all needs an --output with %w, a directory, or none")
        }
        if thread != .main, noInspector || signal != nil || method == .inspector || method == .signal {
            throw ValidationError("--thread \(thread.text) needs --method fork")
        }
    }

    private var needsInspector: Bool { method == .inspector || method == .fork }

    func run() throws {
        StandardStreams.ensureOpen()
        let deadline = RunDeadline(seconds: timeout?.value)
        let renderer = TakeRenderer(
            json: json, quiet: quiet, verbose: verbose, snapshotOnStandardOutput: try pattern().isStandardOutput)
        if let reason = ProcessLimits.prepare() {
            renderer.fail(reason)
            throw ArgumentParser.ExitCode(SnapshotWriter.ExitCode.internalError.rawValue)
        }
        let environment: RunEnvironment
        do {
            environment = RunEnvironment(
                interruption: try Interruption(), deadline: deadline,
                guardianCommand: ["/proc/self/exe", GuardInspector._commandName])
        } catch {
            renderer.fail(error.message)
            throw ArgumentParser.ExitCode(error.exitCode.rawValue)
        }
        defer { environment.shutdown() }
        let chosen: [ChosenTarget]
        do {
            chosen = try targets.choose(wait: environment.wait)
        } catch {
            renderer.fail(error.message)
            throw ArgumentParser.ExitCode(error.exitCode.rawValue)
        }
        var written: [SummaryAfterDump.File] = []
        let code =
            dryRun ? try plan(chosen, environment, renderer) : try take(chosen, environment, renderer, &written)
        if summary ?? (StandardStreams.error.isTerminal && !quiet && !json), !written.isEmpty {
            SummaryAfterDump.print(written, isAskedFor: summary == true)
        }
        if code != .success { throw ArgumentParser.ExitCode(code.rawValue) }
    }

    private func take(
        _ chosen: [ChosenTarget], _ environment: RunEnvironment, _ renderer: TakeRenderer,
        _ written: inout [SummaryAfterDump.File]
    ) throws -> SnapshotWriter.ExitCode {
        var first = SnapshotWriter.ExitCode.success
        for target in chosen {
            var threads = [thread.first]
            while !threads.isEmpty {
                var request = try request(for: target)
                request.thread = threads.removeFirst()
                request.listsWorkers = thread == .all && request.thread == .main
                request.reportsProgress = renderer.showsProgress
                var report = TakeSnapshot(request, in: environment, observe: renderer.observe(target.pid)).run()
                report.error = target.explained(report.error, report.exitCode)
                threads += report.workers.map { .worker($0) }.filter { _ in request.listsWorkers }
                let code = renderer.finish(report)
                if report.hasSnapshot, let file = report.file {
                    written.append(.init(path: file, report))
                }
                if first == .success { first = code }
                if report.endsTheRun { return first }
            }
        }
        return first
    }

    private func plan(
        _ chosen: [ChosenTarget], _ environment: RunEnvironment, _ renderer: TakeRenderer
    ) throws -> SnapshotWriter.ExitCode {
        var first = SnapshotWriter.ExitCode.success
        for target in chosen {
            var request = try request(for: target)
            request.thread = thread.first
            request.searchNotes.forEach(renderer.fail)
            var report = PlanSnapshot.run(request, in: environment)
            report.error = target.explained(report.error, report.exitCode)
            if let error = report.error { renderer.fail(error) }
            let text = json ? JSONLine.text(report) : PlanText.text(report)
            let isWritten = text.isEmpty || StandardStreams.output.write(line: text)
            if !isWritten { renderer.fail(Output.failure(errno)) }
            if first == .success { first = isWritten ? report.exitCode : .outputError }
            if report.endsTheRun { break }
        }
        return first
    }

    private func pattern() throws -> OutputPattern {
        do {
            return try OutputPattern(output)
        } catch {
            throw ValidationError(error.message)
        }
    }

    private func request(for target: ChosenTarget) throws -> SnapshotRequest {
        var request = SnapshotRequest(pid: target.pid, output: try pattern())
        request.startTime = target.startTime
        request.searchNotes = target.notes
        request.overwrites = overwrite
        request.keepsPartial = keepPartial
        request.method = method
        request.allowsInspector = !noInspector
        request.signal = signal?.number
        // Who names the method knows of its pause.
        if let maxPause {
            request.maxPause = maxPause.seconds
        } else if method != .auto || signal != nil {
            request.maxPause = nil
        }
        request.wait = wait.map { .seconds($0.seconds) }
        request.stallTimeout = .seconds(stallTimeout.value)
        request.forcesMemory = forceMemory
        request.copyMemoryLimit = dumpMemoryMax?.bytes
        request.copyNiceness = nice
        return request
    }
}

extension SnapshotRequest.Method: ExpressibleByArgument {}

/// A signal by name or number.
struct SignalArgument: ExpressibleByArgument {
    let number: Int32

    init?(argument: String) {
        guard let number = SignalName.number(of: argument) else { return nil }
        self.number = number
    }
}

/// `main`, `all`, or a worker thread's number.
enum ThreadArgument: ExpressibleByArgument, Equatable {
    case main
    case all
    case worker(Int)

    init?(argument: String) {
        switch argument {
        case "main", "0": self = .main
        case "all": self = .all
        default:
            guard let number = Int(argument), number > 0 else { return nil }
            self = .worker(number)
        }
    }

    var text: String {
        switch self {
        case .main: "main"
        case .all: "all"
        case .worker(let number): String(number)
        }
    }

    var defaultValueDescription: String { text }

    /// Whose heap comes first.
    var first: SnapshotRequest.Thread {
        if case .worker(let number) = self { return .worker(number) }
        return .main
    }
}

/// A positive number of seconds, or `unlimited`.
struct PauseArgument: ExpressibleByArgument {
    /// nil where any pause will do.
    let seconds: Double?

    init?(argument: String) {
        if argument == "unlimited" {
            seconds = nil
            return
        }
        guard let value = Seconds(argument: argument)?.value else { return nil }
        seconds = value
    }
}

/// A time, 0 included.
struct WaitingTime: ExpressibleByArgument {
    let seconds: Double

    init?(argument: String) {
        guard let value = TimeSpan.seconds(argument) else { return nil }
        seconds = value
    }
}

/// A time that is not 0.
struct Seconds: ExpressibleByArgument {
    let value: Double

    init(_ value: Double) { self.value = value }

    init?(argument: String) {
        guard let value = TimeSpan.seconds(argument), value > 0 else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { String(Int(value)) }
}
