import ArgumentParser

/// What is said, and how.
struct MessageOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Say on standard error what the snapshot holds, and what leaks.",
            discussion: """
                Default: where standard error is a terminal, without --quiet and --json, and it takes no more than half of the \
                memory that is there.
                """))
    var summary: Bool?

    @Flag(name: .shortAndLong, help: "Print errors and the path only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Tell every step.")
    var verbose = false

    @Flag(help: "Print one JSON object a process: on standard output, or on standard error with --output -.")
    var json = false

    func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
    }

    /// Whether a summary is printed where there is a file to sum up.
    var printsSummary: Bool { summary ?? (StandardStreams.error.isTerminal && !quiet && !json) }
}
