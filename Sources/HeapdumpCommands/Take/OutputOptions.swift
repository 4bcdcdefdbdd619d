import ArgumentParser
import SnapshotWriter

/// Where the snapshot goes.
struct OutputOptions: ParsableArguments {
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

    func validate() throws {
        if output?.unicodeScalars.contains("\u{FFFD}") == true {
            throw ValidationError("the output path is not valid UTF-8; use another name")
        }
        _ = try pattern()
    }

    func pattern() throws -> OutputPattern {
        do {
            return try OutputPattern(output)
        } catch {
            throw ValidationError(error.message)
        }
    }

    func fill(_ request: inout SnapshotRequest) {
        request.overwrites = overwrite
        request.keepsPartial = keepPartial
    }
}
