import HeapAnalysis
import HeapReport
import SnapshotWriter

/// What of an analysis goes into the report page.
enum ReportContent {
    private static let classCount = 3000
    private static let listLength = 200
    /// Of what a suspect consists of.
    private static let contentsLength = 8

    struct Comparison {
        let baseFile: String
        let baseChanged: String?
        let baseStatistics: HeapStatistics
        let diff: HeapDiff
    }

    /// - Parameter notes: of the snapshots that were read.
    static func data(
        _ opened: AnalysisInput.Opened, _ summary: HeapSummary, _ comparison: Comparison?, created: String,
        changed: String?, notes: [String]
    ) -> ReportData {
        let counts = opened.loaded.counts
        let figures = summary.statistics
        return ReportData(
            file: text(opened.file), bytes: counts.bytes, heapdumpVersion: HeapdumpVersion.number, created: created,
            origin: origin(opened.analysis.programFacts(), changed: changed), nodes: counts.nodes, edges: counts.edges,
            strings: counts.strings, totalSize: figures.totalSize,
            statistics: .init(
                totalSize: figures.totalSize, codeSize: figures.codeSize, stringsSize: figures.stringsSize,
                jsArraysSize: figures.jsArraysSize, typedArraysSize: figures.typedArraysSize,
                systemSize: figures.systemSize, otherJsObjectsSize: figures.otherJSObjectsSize,
                otherNativeSize: figures.otherNativeSize),
            suspects: summary.suspects.map { suspect in
                .init(
                    sentence: SuspectText.sentence(suspect), className: text(suspect.className),
                    objectCount: suspect.count, retainedSize: suspect.retainedSize, share: suspect.share,
                    accumulator: suspect.holder.map(object), path: path(suspect.path),
                    classCount: suspect.contents.count,
                    classes: suspect.contents.prefix(contentsLength).map {
                        .init(className: text($0.class), count: $0.count, shallowSize: $0.shallowSize)
                    })
            },
            alsoMany: summary.many.map(ManyText.sentence) + arrayBuffers(summary),
            classes: summary.classes.prefix(classCount).map { heapClass($0) },
            classCount: summary.classes.count,
            biggestObjects: summary.biggestObjects.map { .init(object: object($0.object), path: path($0.path)) },
            duplicateStrings: summary.duplicateStrings.prefix(listLength).map {
                .init(
                    value: text($0.value), isCut: $0.isCut, count: $0.count, size: $0.size, wastedSize: $0.wastedSize)
            },
            duplicateStringsWastedSize: summary.duplicateStrings.wastedSize,
            detached: .init(
                contexts: summary.contexts.prefix(listLength).map { scope($0) },
                closures: summary.closures.prefix(listLength).map { scope($0) },
                other: summary.detached.prefix(listLength).map {
                    .init(name: text($0.name), count: $0.count, retainedSize: $0.retainedSize)
                }),
            treemap: box(opened.analysis.treemap()), growth: comparison.map(growth),
            notes: notes.map(text) + self.notes(summary))
    }

    private static func origin(_ program: ProgramFacts?, changed: String?) -> ReportData.Origin {
        .init(script: program?.script.map(text), runtime: program?.runtime.map(text), changed: changed)
    }

    private static func arrayBuffers(_ summary: HeapSummary) -> [String] {
        guard let buffers = summary.arrayBuffers else { return [] }
        return ["\(ArrayBufferText.title(buffers)): \(ArrayBufferText.groups(buffers).joined(separator: "; "))"]
    }

    private static func notes(_ summary: HeapSummary) -> [String] {
        var notes: [String] = []
        if summary.classes.count > classCount {
            notes.append("The page lists the \(classCount) largest of \(summary.classes.count) classes.")
        }
        if !summary.hiddenClasses.isEmpty {
            notes.append(
                "\(summary.hiddenClasses.count) classes are not shown, as in DevTools, since others bear the same names."
            )
        }
        return notes
    }

    /// Half surrogate pairs are no Unicode.
    private static func text(_ text: String) -> String { HeapText.readable(text) }

    private static func object(_ object: HeapObject) -> ReportData.ObjectRef {
        .init(
            id: object.id, name: name(object), className: text(object.class), shallowSize: object.shallowSize,
            retainedSize: object.retainedSize, distance: distance(object.distance))
    }

    private static func name(_ object: HeapObject) -> String { object.isProxy ? "Proxy" : text(object.name) }

    private static func distance(_ distance: Int32) -> Int { distance >= 100_000_000 ? -1 : Int(distance) }

    private static func path(_ path: RetainingPath) -> [ReportData.PathStep] {
        path.steps.flatMap { step -> [ReportData.PathStep] in
            let shown = ReportData.PathStep(
                edge: step.edge.map(text), id: step.object.id, name: name(step.object),
                className: text(step.object.class), retainedSize: step.object.retainedSize)
            guard let omitted = step.omitted else { return [shown] }
            let more = "… \(Printable.count(omitted)) more steps …"
            return [
                shown,
                .init(edge: more, id: step.object.id, name: "", className: "", retainedSize: step.object.retainedSize),
            ]
        }
    }

    private static func heapClass(_ summary: ClassSummary) -> ReportData.HeapClass {
        .init(
            name: text(summary.name), scriptId: summary.scriptID.map(UInt64.init),
            script: summary.script.map(text),
            line: summary.line.map { UInt64($0) + 1 }, column: summary.column.map { UInt64($0) + 1 },
            count: summary.count, shallowSize: summary.shallowSize, retainedSize: summary.retainedSize,
            distance: distance(summary.distance))
    }

    private static func scope(_ function: FunctionSummary) -> ReportData.Detached.Scope {
        let place =
            function.scopeOfScript.map { HeapTextPrinter.edge($0, longest: 200) }
            ?? HeapTextPrinter.place(function.place, longest: 200)
        return .init(
            function: function.scopeOfScript == nil ? text(function.function) : "(variables of the module)",
            location: place.isEmpty ? nil : place, count: function.count,
            retainedSize: function.retainedSize)
    }

    private static func box(_ node: TreemapNode) -> ReportData.TreemapNode {
        let groups = node.groups.map { group in
            ReportData.TreemapNode(
                id: nil, name: "\(Printable.count(group.count)) × \(text(group.class))",
                className: text(group.class), shallowSize: group.shallowSize, retainedSize: group.retainedSize,
                children: [], othersCount: 0, othersSize: 0)
        }
        return .init(
            id: node.object.id, name: text(HeapTextPrinter.object(node.object, longest: 100)),
            className: text(node.object.class), shallowSize: node.object.shallowSize,
            retainedSize: node.object.retainedSize,
            children: (node.children.map(box) + groups).sorted { $0.retainedSize > $1.retainedSize },
            othersCount: node.othersCount, othersSize: node.othersSize)
    }

    private static func growth(_ comparison: Comparison) -> ReportData.Growth {
        let diff = comparison.diff
        return .init(
            baseFile: text(comparison.baseFile), baseChanged: comparison.baseChanged,
            baseTotalSize: comparison.baseStatistics.totalSize,
            totalSize: diff.totalSize,
            classes: diff.classes.prefix(classCount).map { row in
                .init(
                    name: text(row.name), scriptId: row.scriptID.map(UInt64.init),
                    script: row.script.map(text),
                    line: row.line.map { UInt64($0) + 1 }, column: row.column.map { UInt64($0) + 1 },
                    addedCount: row.addedCount ?? 0, removedCount: row.removedCount ?? 0, countDelta: row.countDelta,
                    addedSize: row.addedSize ?? 0, removedSize: row.removedSize ?? 0, sizeDelta: row.sizeDelta,
                    retainedDelta: row.retainedDelta)
            },
            idsMatch: !diff.hasUnrelatedIDs,
            pathOf: diff.growth.map { .init(className: text($0.class), path: path($0.path)) })
    }
}
