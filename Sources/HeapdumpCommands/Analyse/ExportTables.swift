import HeapAnalysis
import HeapDatabase
import SnapshotWriter

/// Writes an analysed heap into the tables of a database. The figures are those of `summary`.
struct ExportTables {
    let opened: AnalysisInput.Opened
    let summary: HeapSummary
    let database: DatabaseFile

    /// - Throws: `DatabaseFile.Failure`, or `HeapAnalysis.OutOfMemory`.
    func write() throws {
        let progress = AnalysisProgress(StandardStreams.error)
        defer { progress.clear() }
        try database.run(HeapTables.creation)
        try writeSnapshot()
        try writeClasses()
        try writeSuspects()
        let rows = try HeapRows(opened.analysis)
        try writeNodes(rows, progress)
        try writeEdges(rows, progress)
        for (number, index) in HeapTables.indexes.enumerated() {
            progress.writing(name, "index", Double(number) / Double(HeapTables.indexes.count))
            try database.run(index)
        }
        try database.finish()
    }

    private var name: String { HeapTextPrinter.name(opened.file) }

    private func writeSnapshot() throws(DatabaseFile.Failure) {
        let statement = try database.prepare(HeapTables.snapshot)
        func insert(_ key: String, _ value: UInt64) throws(DatabaseFile.Failure) {
            statement.bind(1, key)
            statement.bind(2, value)
            try statement.insert()
        }
        func insert(_ key: String, _ value: String) throws(DatabaseFile.Failure) {
            statement.bind(1, key)
            statement.bind(2, HeapText.readable(value))
            try statement.insert()
        }
        let (counts, statistics) = (opened.loaded.counts, summary.statistics)
        try insert("file", opened.file)
        try insert("heapdump", HeapdumpVersion.text)
        try insert("tables_version", UInt64(HeapTables.version))
        for (key, value) in [
            ("bytes", counts.bytes), ("nodes", counts.nodes), ("edges", counts.edges), ("strings", counts.strings),
            ("total_size", statistics.totalSize), ("v8_heap_size", statistics.v8HeapSize),
            ("code_size", statistics.codeSize), ("strings_size", statistics.stringsSize),
            ("js_arrays_size", statistics.jsArraysSize), ("system_size", statistics.systemSize),
            ("other_js_objects_size", statistics.otherJSObjectsSize), ("native_size", statistics.nativeSize),
            ("typed_arrays_size", statistics.typedArraysSize), ("other_native_size", statistics.otherNativeSize),
        ] {
            try insert(key, value)
        }
        try insert("warnings", opened.loaded.notes.joined(separator: "\n"))
    }

    private func writeClasses() throws(DatabaseFile.Failure) {
        let statement = try database.prepare(HeapTables.classes)
        for (classes, isHidden) in [(summary.classes, false), (summary.hiddenClasses, true)] {
            for row in classes {
                statement.bind(1, HeapText.readable(row.name))
                statement.bind(2, row.scriptID.map(UInt64.init))
                statement.bind(3, row.script.map(HeapText.readable))
                statement.bind(4, row.line.map(UInt64.init))
                statement.bind(5, row.column.map(UInt64.init))
                statement.bind(6, row.count)
                statement.bind(7, row.shallowSize)
                statement.bind(8, row.retainedSize)
                statement.bind(9, Int64(row.distance))
                statement.bind(10, Int64(isHidden ? 1 : 0))
                try statement.insert()
            }
        }
    }

    private func writeSuspects() throws(DatabaseFile.Failure) {
        let statement = try database.prepare(HeapTables.suspects)
        for (number, suspect) in summary.suspects.enumerated() {
            // As in JSON.
            let row = SummaryReport.Suspect(suspect, contents: 0)
            statement.bind(1, Int64(number + 1))
            statement.bind(2, row.kind)
            statement.bind(3, HeapText.readable(row.class))
            statement.bind(4, row.count)
            statement.bind(5, row.retainedSize)
            statement.bind(6, row.share)
            statement.bind(7, row.holder?.id)
            statement.bind(8, HeapTextPrinter.expression(suspect.path))
            statement.bind(9, row.sentence)
            try statement.insert()
        }
    }

    private func writeNodes(_ rows: HeapRows, _ progress: AnalysisProgress) throws(DatabaseFile.Failure) {
        let statement = try database.prepare(HeapTables.nodes)
        let types = rows.nodeTypeNames.map { Array($0.utf8) }
        var inserts = Inserts(statement, of: rows.nodeCount) { progress.writing(name, "objects", $0) }
        rows.forEachNode { node, name, className in
            types[node.type].withUnsafeBufferPointer { type in
                statement.bind(1, node.id)
                statement.bind(2, type)
                statement.bind(3, name)
                statement.bind(4, className)
                statement.bind(5, node.shallowSize)
                statement.bind(6, node.retainedSize)
                statement.bind(7, Int64(node.distance))
                statement.bind(8, node.dominatorID)
                return inserts.next()
            }
        }
        try inserts.finish()
    }

    private func writeEdges(_ rows: HeapRows, _ progress: AnalysisProgress) throws(DatabaseFile.Failure) {
        let statement = try database.prepare(HeapTables.edges)
        let types = HeapRows.edgeTypeNames.map { Array($0.utf8) }
        var inserts = Inserts(statement, of: rows.edgeCount) { progress.writing(name, "references", $0) }
        rows.forEachEdge { edge in
            types[edge.type].withUnsafeBufferPointer { type in
                statement.bind(1, edge.sourceID)
                statement.bind(2, edge.targetID)
                statement.bind(3, type)
                switch edge.name {
                case .number(let number): statement.bind(4, UInt64(number))
                case .text(let text): statement.bind(4, text)
                }
                return inserts.next()
            }
        }
        try inserts.finish()
    }
}

/// Rows of one table, one after the other, until one fails.
private struct Inserts {
    private let statement: DatabaseStatement
    private let count: Int
    private let report: (Double) -> Void
    private var done = 0
    private var failure: DatabaseFile.Failure?

    /// Rows between two looks at the clock.
    private static let step = 1 << 12

    init(_ statement: DatabaseStatement, of count: Int, _ report: @escaping (Double) -> Void) {
        self.statement = statement
        self.count = count
        self.report = report
    }

    /// - Returns: whether to continue.
    mutating func next() -> Bool {
        do throws(DatabaseFile.Failure) {
            try statement.insert()
        } catch {
            failure = error
            return false
        }
        done += 1
        if done % Self.step == 0 { report(Double(done) / Double(count)) }
        return true
    }

    func finish() throws(DatabaseFile.Failure) {
        if let failure { throw failure }
    }
}
