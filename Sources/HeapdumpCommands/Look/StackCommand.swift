import ArgumentParser
import Linux
import NodeProcess
import NodeStack
import SnapshotWriter

struct StackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stack",
        abstract: "Say what a Node process is doing, and where in its code.",
        discussion: """
            The first line is the verdict: idle, running JavaScript, in a regular expression, blocked in a read of which file, \
            waiting for which child. Below it are the frames, innermost first, JavaScript and native ones as they follow each \
            other, with functions that V8 has inlined.

            It works in any state, also where the process answers nothing: heapdump stops a thread by ptrace for the few \
            milliseconds that its stack takes to read, and runs nothing in it. A thread that waits in the kernel goes on \
            waiting afterwards. Nothing is sent, opened or left behind.

            One look tells where a thread is, and not how long it has been there. --samples looks again.

            EXAMPLES
              heapdump stack 1234
              heapdump stack 1234 --samples 5
              heapdump stack -n server.js --threads
              heapdump stack 1234 --json | jq -r .verdict.text

            EXIT STATUS (of the first process that failed, where there are several)
              0, whatever the process does; 64 the command line is wrong, 66 there is no such process, 67 it is not Node, \
            69 another tracer is there, 70 heapdump itself failed, 73 the answer cannot be written, 75 the look took too \
            long, 77 not permitted.
            """)

    @OptionGroup(title: "Process Options")
    var targets: TargetOptions

    @Flag(help: "Show all threads; without it the main one, which runs the program's JavaScript.")
    var threads = false

    @Option(help: ArgumentHelp("How often to look, at most 1000 times.", valueName: "count"))
    var samples = 1

    @Option(
        help: ArgumentHelp(
            "The time between two looks, such as 200ms or 2s; a bare number is seconds.", valueName: "time"))
    var interval = StackInterval.usual

    @Flag(help: "Print one JSON object a process.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(samples) else { throw ValidationError("--samples is a number from 1 to 1000") }
    }

    func run() throws {
        StandardStreams.ensureOpen()
        let chosen: [ChosenTarget]
        do {
            chosen = try targets.choose(wait: BoundedLook.sleep)
        } catch {
            StandardStreams.error.write(line: "heapdump: " + Printable.text(error.message))
            throw ArgumentParser.ExitCode(error.exitCode.rawValue)
        }
        var first = SnapshotWriter.ExitCode.success
        for (index, target) in chosen.enumerated() {
            let code = try show(target, isFirst: index == 0, ofSeveral: chosen.count > 1)
            if first == .success { first = code }
        }
        if first != .success { throw ArgumentParser.ExitCode(first.rawValue) }
    }

    private func show(_ chosen: ChosenTarget, isFirst: Bool, ofSeveral: Bool) throws -> SnapshotWriter.ExitCode {
        for note in chosen.notes { StandardStreams.error.write(line: "heapdump: " + Printable.text(note)) }
        var report = StackReport(target: .init(pid: chosen.pid))
        do {
            let sampler = try StackSampler(chosen, target: &report.target)
            let looked = try sampler.look(times: samples, every: interval.duration, allThreads: threads)
            if json {
                report.javascriptError = sampler.javascriptError
                report.threads = looked.map { .init($0, sampler.javascriptError) }
                report.verdict = report.threads.first?.verdict
                try Output.print(JSONLine.text(report))
            } else {
                var lines = StackText.lines(looked, javascriptError: sampler.javascriptError, width: Output.width)
                if ofSeveral { lines = [Printable.text(Printable.identity(report.target))] + lines }
                if !isFirst { lines.insert("", at: 0) }
                try Output.print(lines.joined(separator: "\n"))
            }
            return .success
        } catch let failure as StackFailure {
            let message = chosen.explained(failure.message, failure.exitCode) ?? failure.message
            if json {
                report.error = message
                report.reasonCode = failure.code
                try Output.print(JSONLine.text(report))
            } else {
                StandardStreams.error.write(line: "heapdump: " + Printable.text(message))
            }
            return failure.exitCode
        }
    }
}

/// A time between two looks.
struct StackInterval: ExpressibleByArgument {
    let duration: Duration

    static let usual = StackInterval(duration: .milliseconds(200))

    private init(duration: Duration) { self.duration = duration }

    init?(argument: String) {
        guard let seconds = TimeSpan.seconds(argument) else { return nil }
        duration = .seconds(seconds)
    }

    var defaultValueDescription: String { "200ms" }
}

extension StackFailure {
    var exitCode: SnapshotWriter.ExitCode {
        switch self {
        case .process(let error): error.exitCode
        case .traced, .unsupported: .noMethod
        }
    }

    var code: ReasonCode {
        switch self {
        case .process(let error): error.code
        case .traced: .traced
        case .unsupported: .stackUnsupported
        }
    }
}
