import ArgumentParser
import Glibc
import SnapshotWriter

/// The program, from its arguments to its exit status. The executable has nothing else.
public enum HeapdumpProgram {
    public static func run() {
        // Before ArgumentParser makes up its mind about all commands, which is a third of the time that this takes.
        if CommandLine.arguments.dropFirst() == ["--version"] {
            StandardStreams.ensureOpen()
            if !StandardStreams.output.write(line: HeapdumpVersion.text) {
                StandardStreams.error.write(line: "heapdump: \(Output.failure(errno))")
                Glibc.exit(SnapshotWriter.ExitCode.outputError.rawValue)
            }
            return
        }
        ProcessLimits.forbidCores()
        do {
            var command = try Heapdump.parseAsRoot()
            try command.run()
        } catch {
            UsageError.exit(withError: error, of: Heapdump.self)
        }
    }
}
