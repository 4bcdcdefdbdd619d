import ArgumentParser
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

    @OptionGroup(title: "Process Options")
    var targets: TargetOptions

    @OptionGroup(title: "Output Options")
    var output: OutputOptions

    @OptionGroup(title: "Method Options")
    var method: MethodOptions

    @OptionGroup(title: "Limit Options")
    var limits: LimitOptions

    @OptionGroup(title: "Message Options")
    var messages: MessageOptions

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    func validate() throws {
        try limits.validate(with: method)
        let pattern = try output.pattern()
        if messages.summary == true, pattern.isStandardOutput {
            throw ValidationError("--summary needs a file: the snapshot goes to standard output")
        }
        if targets.pid.count > 1, !pattern.isDistinctPerProcess() {
            throw ValidationError("several processes need an --output with %p, a directory, or none")
        }
        if method.thread == .all, !pattern.isDistinctPerThread() {
            throw ValidationError("--thread all needs an --output with %w, a directory, or none")
        }
    }

    func run() throws {
        StandardStreams.ensureOpen()
        let deadline = RunDeadline(seconds: limits.timeout?.value)
        let renderer = TakeRenderer(
            json: messages.json, quiet: messages.quiet, verbose: messages.verbose,
            snapshotOnStandardOutput: try output.pattern().isStandardOutput)
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
        if messages.printsSummary, !written.isEmpty {
            SummaryAfterDump.print(written, isAskedFor: messages.summary == true)
        }
        if code != .success { throw ArgumentParser.ExitCode(code.rawValue) }
    }

    private func take(
        _ chosen: [ChosenTarget], _ environment: RunEnvironment, _ renderer: TakeRenderer,
        _ written: inout [SummaryAfterDump.File]
    ) throws -> SnapshotWriter.ExitCode {
        var first = SnapshotWriter.ExitCode.success
        for target in chosen {
            var threads = [method.thread.first]
            while !threads.isEmpty {
                var request = try request(for: target)
                request.thread = threads.removeFirst()
                request.listsWorkers = method.thread == .all && request.thread == .main
                request.reportsProgress = renderer.showsProgress
                var report = TakeSnapshot(request, in: environment, observe: renderer.observe(target.pid)).run()
                report.error = target.explained(report.error, report.exitCode)
                threads += report.workers.map { .worker($0) }.filter { _ in request.listsWorkers }
                let code = renderer.finish(report)
                if !messages.quiet, let note = UnresponsiveTarget.note(on: report, startTime: target.startTime) {
                    renderer.fail(note)
                }
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
            request.thread = method.thread.first
            request.searchNotes.forEach(renderer.fail)
            var report = PlanSnapshot.run(request, in: environment)
            report.error = target.explained(report.error, report.exitCode)
            if let error = report.error { renderer.fail(error) }
            let text = messages.json ? JSONLine.text(report) : PlanText.text(report)
            let isWritten = text.isEmpty || StandardStreams.output.write(line: text)
            if !isWritten { renderer.fail(Output.failure(errno)) }
            if first == .success { first = isWritten ? report.exitCode : .outputError }
            if report.endsTheRun { break }
        }
        return first
    }

    private func request(for target: ChosenTarget) throws -> SnapshotRequest {
        var request = SnapshotRequest(pid: target.pid, output: try output.pattern())
        request.startTime = target.startTime
        request.searchNotes = target.notes
        output.fill(&request)
        method.fill(&request)
        limits.fill(&request)
        return request
    }
}
