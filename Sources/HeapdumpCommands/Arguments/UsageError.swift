import ArgumentParser
import Glibc
import NodeProcess
import SnapshotWriter

/// What ArgumentParser has to say of a command line, help included.
enum UsageError {
    /// As `ParsableArguments.exit(withError:)`, which quotes arguments raw: those may come from elsewhere than from who
    /// looks at the terminal.
    static func exit(withError error: any Error, of command: (some ParsableCommand).Type) -> Never {
        StandardStreams.ensureOpen()
        let code = command.exitCode(for: error)
        let message = command.fullMessage(for: error)
        if !message.isEmpty {
            let stream = code.isSuccess ? StandardStreams.output : StandardStreams.error
            if !stream.write(line: escaped(message)), code.isSuccess {
                StandardStreams.error.write(line: "heapdump: \(Output.failure(errno))")
                Glibc.exit(SnapshotWriter.ExitCode.outputError.rawValue)
            }
        }
        Glibc.exit(code.rawValue)
    }

    private static func escaped(_ message: String) -> String {
        var message = message
        // As a whole, because a line break in an argument is not one of the message.
        for argument in CommandLine.arguments.dropFirst() {
            let escaped = TerminalText.escaped(argument)
            // One of line breaks alone would be found at the end of every line.
            let isNamed = argument.contains { $0 != "\n" }
            if isNamed, escaped != argument { message.replace(argument, with: escaped) }
        }
        return Printable.text(message)
    }
}
