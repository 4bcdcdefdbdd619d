import ArgumentParser
import HeapAnalysis
import HeapSnapshot
import SnapshotWriter

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show one object of a heap snapshot: what it is, its fields, and what refers to it.",
        usage: """
            heapdump show <file> <@id> [--limit <n>] [--json] [--force-memory]
            """,
        discussion: """
            EXAMPLES
              heapdump show leak.heapsnapshot @1234
              heapdump show --json leak.heapsnapshot @1234

            EXIT STATUS
            \(ExitCodeTable.analysis(noSuch: "no object has the id"))
            """)

    @Argument(
        help: ArgumentHelp("The snapshot, also compressed by gzip or zstd; - is standard input.", valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("The object's id, as DevTools and heapdump write it.", valueName: "@id"))
    var object: ObjectReference

    @Option(help: ArgumentHelp("Show so many fields, and so many retainers.", valueName: "n"))
    var limit = 30

    @OptionGroup var options: AnalysisOptions

    func validate() throws {
        try object.validate()
        guard case .id = object else { throw ValidationError("an object's id begins with @, such as @1234") }
        if limit < 1 { throw ValidationError("--limit must be at least 1") }
    }

    func run() throws {
        StandardStreams.ensureOpen()
        var arguments = RawArguments()
        let opened = try AnalysisInput(options: options).open(file, path: arguments.next(file))
        guard let node = try opened.nodes(object).first else { return }
        let query = try opened.query()
        let shown = opened.analysis.object(node)
        let fields = opened.analysis.references(of: node)
        let retainers = query.direct(of: node)
        if options.json {
            try Output.print(
                JSONLine.text(
                    Report(
                        object: shown, fieldCount: fields.count,
                        fields: Array(fields.prefix(limit)), retainerCount: retainers.count,
                        retainers: Array(retainers.prefix(limit)), warnings: opened.loaded.notes)))
            return
        }
        var lines = ["\(HeapTextPrinter.object(shown, longest: max(20, Output.width - 24))) @\(shown.id)"]
        lines += Output.fitting("type \(shown.type), class \(HeapTextPrinter.name(shown.class))", indent: "  ")
        lines += Output.fitting(
            "shallow \(Printable.bytes(shown.shallowSize)), retained \(Printable.bytes(shown.retainedSize)), "
                + "distance \(SummaryText.distance(shown.distance))", indent: "  ")
        if ["string", "concatenated string", "sliced string"].contains(shown.type) {
            lines += TextWrap.lines(
                HeapTextPrinter.name(shown.name, longest: 4096), width: max(20, Output.width - 4)
            ).map { "    " + $0 }
        }
        lines += ["", "Refers to (\(Printable.count(UInt64(fields.count))))"] + list(fields)
        lines += ["", "Held by (\(Printable.count(UInt64(retainers.count))))"] + list(retainers)
        try Output.print(lines.joined(separator: "\n"))
        opened.warn()
    }

    private func list(_ references: ReferenceList) -> [String] {
        let lines = references.prefix(limit).map { reference in
            HeapTextPrinter.line(reference.object, edge: reference.edge, indent: "  ", width: Output.width)
        }
        return lines
            + (references.count > limit
                ? ["  … \(Printable.count(UInt64(references.count - limit))) more: --limit \(references.count)"] : [])
    }

    private struct Report: Encodable {
        var object: HeapObject
        var fieldCount: Int
        var fields: [HeapReference]
        var retainerCount: Int
        var retainers: [HeapReference]
        var warnings: [String]
    }
}
