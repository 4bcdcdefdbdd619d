import ArgumentParser
import FoundationEssentials
import Glibc
import HeapAnalysis
import NodeProcess
import SnapshotWriter

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write what a heap snapshot holds as one HTML page.",
        usage: """
            heapdump report <file> -o <path> [--base <file>] [--overwrite] [--json]
              [--force-memory]
            """,
        discussion: """
            The page shows leak suspects, a map of what holds how much, classes, duplicated strings, and growth against an older \
            snapshot. It is one file that loads nothing and sends nothing: any browser shows it, on any machine. Like the \
            snapshot it holds texts of the heap, secrets included: it is readable by its owner alone.

            EXAMPLES
              heapdump report leak.heapsnapshot -o report.html
              heapdump report b.heapsnapshot --base a.heapsnapshot -o growth.html
              heapdump report b.heapsnapshot -o - | ssh host 'cat > report.html'

            EXIT STATUS
            \(ExitCodeTable.analysis(output: "the page"))
            """)

    @Argument(
        help: ArgumentHelp("The snapshot, also compressed by gzip or zstd; - is standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("An older snapshot of the same process, to tell what grew.", valueName: "file"))
    var base: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The page; - is standard output.", valueName: "path"))
    var output: String

    @Flag(help: "Replace the page where it is an existing regular file.")
    var overwrite = false

    @OptionGroup var options: AnalysisOptions

    func validate() throws {
        if base == "-", file == "-" { throw ValidationError("only one of the two can be standard input") }
        if output == "-", options.json { throw ValidationError("with -o - the page goes where --json would") }
        try OutputPath.expectName(output, "the output path")
    }

    func run() throws {
        StandardStreams.ensureOpen()
        var arguments = RawArguments()
        // In the order of the command line, where both may read the same.
        let path = arguments.next(file)
        let basePath = base.map { arguments.next($0) }
        try AnalysisInput.expect(file, path: path)
        if let base, let basePath { try AnalysisInput.expect(base, path: basePath) }
        try OutputPath.expect(
            output, isNoneOf: [(file, path)] + (base.flatMap { base in basePath.map { [(base, $0)] } } ?? []))
        do {
            if output != "-" { try ResultFile.check(output, overwrites: overwrite) }
        } catch {
            throw OutputPath.fail(error, .page)
        }
        let input = AnalysisInput(options: options)
        let opened = try input.open(file, path: path, isSummarized: true)
        let older = try older(basePath, input, opened.analysis)
        let warnings = SnapshotWarning.unique((older?.warnings ?? []) + opened.warnings)
        // One file's name need not be said.
        let notes = base == nil ? opened.loaded.notes : warnings.map(\.text)
        let page = try ReportContent(
            opened, try opened.summary(), older?.growth, created: Date.now.formatted(.iso8601),
            changed: Self.changed(file, path), notes: notes
        ).page()
        if output == "-" {
            try Output.write(page)
            SnapshotWarning.tell(warnings)
            return
        }
        do {
            let written = try ResultFile.write(page, to: output, overwrites: overwrite)
            if options.json {
                let result = Result(file: file, report: written, bytes: UInt64(page.count), warnings: notes)
                try Output.print(JSONLine.text(result), written: written)
                return
            }
            try Output.print(OutputPath.shown(written), written: written)
            SnapshotWarning.tell(warnings)
        } catch let error as OutputError {
            throw OutputPath.fail(error, .page)
        }
    }

    /// When a file was last changed, in ISO 8601; nil for standard input and for what is no regular file.
    private static func changed(_ file: String, _ path: [CChar]) -> String? {
        guard let status = AnalysisInput.status(of: file, path: path), status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec)).formatted(.iso8601)
    }

    /// The comparison with the older snapshot, which is in memory only as long as it takes to read it; nil if there is none.
    private func older(
        _ path: [CChar]?, _ input: AnalysisInput, _ newer: HeapAnalysis
    ) throws -> (growth: ReportContent.Growth, warnings: [SnapshotWarning])? {
        guard let base, let path else { return nil }
        let vocabulary = PathVocabulary()
        let (older, warnings) = try {
            let opened = try input.open(base, path: path, interfaces: newer.interfaces)
            return (
                try Diff.withMemory(for: base) { try DiffBase(opened.analysis, vocabulary) }, opened.warnings
            )
        }()
        let diff = try Diff.withMemory(for: file) { try HeapDiff(older, newer, vocabulary) }
        return (ReportContent.Growth(base, changed: Self.changed(base, path), older.statistics, diff), warnings)
    }

    private struct Result: Encodable {
        var file, report: String
        var bytes: UInt64
        var warnings: [String]
    }
}
