import ArgumentParser
import HeapAnalysis
import HeapSnapshot
import SnapshotWriter

struct RetainersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retainers",
        abstract: "Say what holds an object, or the objects of a class.",
        usage: """
            heapdump retainers <file> <class|@id> [--dominators] [--limit <n>]
              [--json] [--force-memory]
            """,
        discussion: """
            The shortest paths from the roots, one step a line, with what each object retains. Of a class, objects that are held \
            alike are told once, with their number.

            EXAMPLES
              heapdump retainers leak.heapsnapshot Session
              heapdump retainers leak.heapsnapshot @1234
              heapdump retainers leak.heapsnapshot @1234 --dominators

            EXIT STATUS
            \(ExitCodeTable.analysis(noSuch: "no object has the id, or is of the class"))
            """)

    @Argument(
        help: ArgumentHelp("The snapshot, also compressed by gzip or zstd; - is standard input.", valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("A class by its whole name, or an object by its id.", valueName: "class|@id"))
    var what: ObjectReference

    @Flag(help: "Show who alone holds the object, and who alone holds that one, up to the root.")
    var dominators = false

    @Option(help: ArgumentHelp("Show so many different ways of being held.", valueName: "n"))
    var limit = 10

    @OptionGroup var options: AnalysisOptions

    /// Of a long chain of dominators, so many are shown of either end.
    private static let shownEnd = 20

    func validate() throws {
        try what.validate()
        if limit < 1 { throw ValidationError("--limit must be at least 1") }
    }

    func run() throws {
        StandardStreams.ensureOpen()
        var arguments = RawArguments()
        let opened = try AnalysisInput(options: options).open(file, path: arguments.next(file))
        let query = try opened.query()
        let nodes = try opened.nodes(what)
        if dominators {
            try printDominators(query, nodes, opened)
            return
        }
        let groups = query.groups(nodes)
        if options.json {
            let report = Report(
                file: file, count: nodes.count, groupCount: groups.count,
                groups: Array(groups.prefix(limit)), warnings: opened.loaded.notes)
            try Output.print(JSONLine.text(report))
            return
        }
        var lines: [String] = []
        for group in groups.prefix(limit) {
            if case .className = what {
                let many = group.count == 1 ? "1 object" : "\(Printable.count(group.count)) objects"
                lines += Output.fitting("\(many), \(Printable.bytes(group.retainedSize)), held like this one:")
            }
            lines += HeapTextPrinter.path(group.path, indent: "  ", width: Output.width) + [""]
        }
        if groups.count > limit {
            lines.append("held in \(Printable.count(UInt64(groups.count - limit))) more ways: --limit \(groups.count)")
        } else {
            lines.removeLast()
        }
        try Output.print(lines.joined(separator: "\n"))
        opened.warn()
    }

    private func printDominators(
        _ query: RetainerQuery, _ nodes: [Int], _ opened: AnalysisInput.Opened
    ) throws {
        let analysis = opened.analysis
        guard let node = nodes.max(by: { analysis.retainedSize($0) < analysis.retainedSize($1) }) else { return }
        let chain = query.dominators(of: node)
        // That of a list is as long as the list: its ends tell.
        let omitted = max(0, chain.count - 2 * Self.shownEnd)
        let start = chain.prefix(omitted > 0 ? Self.shownEnd : chain.count)
        let end = chain.dropFirst(start.count + omitted)
        if options.json {
            try Output.print(
                JSONLine.text(
                    Chain(
                        file: file, dominators: Array(start) + Array(end),
                        omitted: omitted > 0 ? omitted : nil, warnings: opened.loaded.notes)))
            return
        }
        var lines = ["Each is held by the one above alone:"]
        if nodes.count > 1 {
            lines.insert("Of \(Printable.count(UInt64(nodes.count))) objects, the one that retains most:", at: 0)
        }
        func list(_ objects: some Sequence<HeapObject>) -> [String] {
            objects.map { HeapTextPrinter.line($0, indent: "  ", width: Output.width) }
        }
        lines += list(start)
        if omitted > 0 { lines.append("  … \(Printable.count(UInt64(omitted))) more …") }
        lines += list(end)
        try Output.print(lines.joined(separator: "\n"))
        opened.warn()
    }

    private struct Report: Encodable {
        var file: String
        var count, groupCount: Int
        var groups: [RetainerGroup]
        var warnings: [String]
    }

    private struct Chain: Encodable {
        var file: String
        var dominators: [HeapObject]
        /// How many are left out after the first half of them.
        var omitted: Int?
        var warnings: [String]
    }
}

extension AnalysisInput.Opened {
    func query() throws -> RetainerQuery {
        do {
            return try RetainerQuery(analysis)
        } catch {
            throw AnalysisInput.fail(file, "there is not enough memory to analyse it", .memoryTooTight)
        }
    }

    /// - Returns: at least one.
    func nodes(_ reference: ObjectReference) throws -> [Int] {
        switch reference {
        case .malformed: throw ValidationError("an object's id is @ and a number")
        case .id(let id):
            guard let node = analysis.node(withID: id) else {
                throw AnalysisInput.fail(file, "no object has the id @\(id)", .noSuchProcess)
            }
            return [node]
        case .className(let name):
            var filter = ObjectFilter()
            filter.className = name
            let nodes = analysis.nodes(matching: filter)
            guard !nodes.isEmpty else {
                throw AnalysisInput.fail(
                    file, "no object is of the class \(name); heapdump summary --json --all lists all classes",
                    .noSuchProcess)
            }
            return nodes
        }
    }
}
