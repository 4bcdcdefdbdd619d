import ArgumentParser
import HeapAnalysis
import HeapDatabase
import NodeProcess
import SnapshotWriter

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a heap snapshot as an SQLite database.",
        usage: """
            heapdump export <file> --sqlite <path> [--overwrite] [--json]
              [--force-memory]
            """,
        discussion: """
            The tables are snapshot, nodes, edges, classes and suspects, with the numbers of heapdump summary: questions that no \
            command answers can be asked in SQL. docs/sql.md has the columns and queries to begin with. Like the snapshot, the \
            database holds texts of the heap, secrets included: it is readable by its owner alone.

            EXAMPLES
              heapdump export leak.heapsnapshot --sqlite leak.db
              sqlite3 leak.db 'SELECT * FROM classes ORDER BY count DESC LIMIT 10'

            EXIT STATUS
            \(ExitCodeTable.analysis(output: "the database"))
            """)

    @Argument(
        help: ArgumentHelp("The snapshot, also compressed by gzip or zstd; - is standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The database to write.", valueName: "path"))
    var sqlite: String

    @Flag(help: "Replace the database if it is an existing regular file.")
    var overwrite = false

    @OptionGroup var options: AnalysisOptions

    func validate() throws {
        if sqlite == "-" {
            throw ValidationError("a database cannot be written to standard output; type for example --sqlite heap.db")
        }
        try OutputPath.expectName(sqlite, "the path of the database")
    }

    func run() throws {
        StandardStreams.ensureOpen()
        // The analysis starts threads.
        let signals = SignalEnd()
        var arguments = RawArguments()
        let path = arguments.next(file)
        try AnalysisInput.expect(file, path: path)
        try OutputPath.expect(sqlite, isNoneOf: [(file, path)])
        try telling {
            try ResultFile.check(sqlite, overwrites: overwrite)
            try OutputPath.expectNoOpenDatabase(at: sqlite)
            let opened = try AnalysisInput(options: options).open(file, path: path, isSummarized: true)
            let summary = try opened.summary()
            let output = try GrowingFile(path: sqlite, overwrites: overwrite)
            signals.remove(output)
            let database = try DatabaseFile(descriptor: output.descriptor) { output.openScratch() }
            try ExportTables(opened: opened, summary: summary, database: database).write()
            let bytes = output.byteCount
            let published = try output.publish()
            if options.json {
                let result = Result(
                    file: file, database: published, bytes: bytes, warnings: opened.loaded.notes)
                try Output.print(JSONLine.text(result), written: published)
                return
            }
            try Output.print(OutputPath.shown(published), written: published)
            opened.warn()
        }
    }

    /// Turns what may fail into a message and an exit status.
    private func telling(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as OutputError {
            throw OutputPath.fail(error, .database)
        } catch is HeapAnalysis.OutOfMemory {
            throw AnalysisInput.fail(file, "there is not enough memory to export it", .memoryTooTight)
        } catch let failure as DatabaseFile.Failure {
            switch failure {
            case .system(let code):
                let error = OutputError.system(operation: "write to", path: sqlite, code: code)
                throw OutputPath.fail(error, .database)
            case .outOfMemory:
                throw AnalysisInput.fail(file, "there is not enough memory to export it", .memoryTooTight)
            case .conflict:
                throw AnalysisInput.fail(
                    file, "several of its objects have one id; take the snapshot again", .snapshotInvalid)
            case .other(let text):
                throw AnalysisInput.fail(sqlite, "SQLite cannot write it: \(text)", .internalError)
            }
        }
    }

    private struct Result: Encodable {
        var file, database: String
        var bytes: UInt64
        var warnings: [String]
    }
}
