import ArgumentParser
import HeapAnalysis
import HeapSnapshot
import SnapshotWriter

struct Find: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find objects of a heap snapshot by class, size or text.",
        usage: """
            heapdump find <file> [--class <name>] [--min-size <size>]
              [--string <text>] [--limit <n>] [--json] [--force-memory]
            """,
        discussion: """
            All conditions must hold. The objects that retain most come first.

            EXAMPLES
              heapdump find leak.heapsnapshot --class Session
              heapdump find leak.heapsnapshot --min-size 1M
              heapdump find leak.heapsnapshot --string password

            EXIT STATUS
            \(ExitCodeTable.analysis())
            """)

    @Argument(
        help: ArgumentHelp("The snapshot, also compressed by gzip or zstd; - is standard input.", valueName: "file"))
    var file: String

    @Option(name: .customLong("class"), help: ArgumentHelp("The whole name of the class.", valueName: "name"))
    var className: String?

    @Option(help: ArgumentHelp("The least retained size, in bytes or with K, M or G.", valueName: "size"))
    var minSize: ByteCount?

    @Option(help: ArgumentHelp("A part of a string's text or an object's name.", valueName: "text"))
    var string: String?

    @Option(help: ArgumentHelp("Show so many.", valueName: "n"))
    var limit = 50

    @OptionGroup var options: AnalysisOptions

    func validate() throws {
        if className == nil, minSize == nil, string == nil {
            throw ValidationError("say what to find: --class, --min-size or --string")
        }
        if limit < 1 { throw ValidationError("--limit must be at least 1") }
    }

    func run() throws {
        StandardStreams.ensureOpen()
        var arguments = RawArguments()
        let opened = try AnalysisInput(options: options).open(file, path: arguments.next(file))
        var filter = ObjectFilter()
        filter.className = className
        filter.leastRetainedSize = minSize?.bytes ?? 0
        filter.text = string
        let (objects, count) = opened.analysis.find(filter, atMost: limit)
        if options.json {
            try Output.print(
                JSONLine.text(
                    Report(
                        file: file, count: count, objects: objects, warnings: opened.loaded.notes)))
            return
        }
        guard count > 0 else {
            try Output.print("No object matches.")
            opened.warn()
            return
        }
        let table = TextTable(
            columns: [
                .init("RETAINED", .right), .init("SHALLOW", .right, rank: 0), .init("ID", .left),
                .init("OBJECT", .left),
            ],
            rows: objects.map { object in
                .init(cells: [
                    Printable.bytes(object.retainedSize), Printable.bytes(object.shallowSize), "@\(object.id)",
                    HeapTextPrinter.object(object, longest: 200),
                ])
            })
        let more =
            count > objects.count
            ? ["\(Printable.count(UInt64(count - objects.count))) more: --limit \(count)"] : []
        try Output.print((table.lines(width: Output.width) + more).joined(separator: "\n"))
        opened.warn()
    }

    private struct Report: Encodable {
        var file: String
        var count: Int
        var objects: [HeapObject]
        var warnings: [String]
    }
}
