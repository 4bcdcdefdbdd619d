import HeapAnalysis

/// What `summary --json` prints, documented in the README. Sizes are in bytes.
struct SummaryReport: Encodable {
    var file: String
    var bytes: UInt64
    var nodes: UInt64
    var edges: UInt64
    var strings: UInt64
    var totalSize: UInt64
    var statistics: Statistics
    var suspects: [Suspect]
    var alsoMany: [Many]
    var arrayBuffers: ArrayBuffers?
    var classCount: Int
    var classes: [Class]
    var hiddenClasses: [Class]
    var biggestObjects: [BigObject]
    var duplicateStringCount: Int
    var duplicateStringsWastedSize: UInt64
    var duplicateStrings: [Duplicate]
    var closures: [Function]
    var contexts: [Function]
    var detached: [Detached]
    var workerThreads: Int
    var warnings: [String]

    /// Of each list, unless all is asked for.
    static let shortLength = 50

    /// - Parameter all: every class, string and function, not the largest alone.
    init(_ opened: AnalysisInput.Opened, _ summary: HeapSummary, all: Bool) {
        func some<List: RandomAccessCollection>(_ list: List) -> List.SubSequence {
            all ? list[...] : list.prefix(Self.shortLength)
        }
        file = opened.file
        bytes = opened.loaded.counts.bytes
        nodes = opened.loaded.counts.nodes
        edges = opened.loaded.counts.edges
        strings = opened.loaded.counts.strings
        totalSize = summary.statistics.totalSize
        statistics = Statistics(summary.statistics)
        suspects = summary.suspects.map { Suspect($0, classes: some($0.contents).map(Suspect.Part.init)) }
        alsoMany = summary.many.map(Many.init)
        arrayBuffers = summary.arrayBuffers.map { ArrayBuffers($0, some($0.groups).map(ArrayBuffers.Group.init)) }
        classCount = summary.classes.count
        classes = some(summary.classes).map { Class($0, summary.scripts) }
        hiddenClasses = summary.hiddenClasses.map { Class($0, summary.scripts) }
        biggestObjects = summary.biggestObjects.map {
            BigObject(object: Object($0.object), path: PathStep.list($0.path))
        }
        duplicateStringCount = summary.duplicateStrings.count
        duplicateStringsWastedSize = summary.duplicateStrings.wastedSize
        duplicateStrings = some(summary.duplicateStrings).map(Duplicate.init)
        closures = some(summary.closures).map { Function($0, summary.scripts) }
        contexts = some(summary.contexts).map { Function($0, summary.scripts) }
        detached = summary.detached.map { Detached(name: $0.name, count: $0.count, retainedSize: $0.retainedSize) }
        workerThreads = summary.workerCount
        warnings = opened.loaded.notes
    }

    struct Statistics: Encodable {
        var totalSize, v8HeapSize, codeSize, stringsSize, jsArraysSize, systemSize, otherJSObjectsSize: UInt64
        var nativeSize, typedArraysSize, otherNativeSize: UInt64

        init(_ statistics: HeapStatistics) {
            totalSize = statistics.totalSize
            v8HeapSize = statistics.v8HeapSize
            codeSize = statistics.codeSize
            stringsSize = statistics.stringsSize
            jsArraysSize = statistics.jsArraysSize
            systemSize = statistics.systemSize
            otherJSObjectsSize = statistics.otherJSObjectsSize
            nativeSize = statistics.nativeSize
            typedArraysSize = statistics.typedArraysSize
            otherNativeSize = statistics.otherNativeSize
        }
    }

    struct Class: Encodable {
        var name: String
        var scriptID: UInt32?
        var script: String?
        var line: UInt32?
        var column: UInt32?
        var count, shallowSize, retainedSize: UInt64
        var distance: Int32

        init(_ summary: ClassSummary, _ scripts: ScriptNames) {
            name = summary.name
            scriptID = summary.location?.scriptID
            script = scripts[summary.location]
            line = summary.location?.line
            column = summary.location?.column
            count = summary.count
            shallowSize = summary.shallowSize
            retainedSize = summary.retainedSize
            distance = summary.distance
        }
    }

    struct Object: Encodable {
        var id: UInt64
        var name, `class`, type: String
        var shallowSize, retainedSize: UInt64
        var distance: Int32
        /// Of a function.
        var scriptID: UInt32?
        var script: String?
        var line, column: UInt32?

        init(_ object: HeapObject) {
            id = object.id
            name = object.name
            `class` = object.className
            type = object.type
            shallowSize = object.shallowSize
            retainedSize = object.retainedSize
            distance = object.distance
            scriptID = object.code?.location.scriptID
            script = object.code?.script
            line = object.code?.location.line
            column = object.code?.location.column
        }
    }

    struct PathStep: Encodable {
        var edge: String?
        var object: Object
        /// Steps alike that follow, and are left out.
        var omitted: UInt64?

        static func list(_ path: RetainingPath) -> [PathStep] {
            path.steps.map {
                PathStep(edge: $0.edge, object: Object($0.object), omitted: $0.omitted == 0 ? nil : $0.omitted)
            }
        }
    }

    struct Suspect: Encodable {
        var sentence, kind, `class`: String
        var count, retainedSize: UInt64
        /// Of the heap, from 0 to 1.
        var share: Double
        var anchor: Anchor?
        var holder: Object?
        var path: [PathStep]
        /// Of all that it consists of.
        var classCount: Int
        var classes: [Part]

        /// Objects of one class.
        struct Part: Encodable {
            var `class`: String
            var count, shallowSize: UInt64

            init(_ part: SuspectContents.Part) {
                (`class`, count, shallowSize) = (part.className, part.count, part.shallowSize)
            }
        }

        /// Where a person can begin to look: a variable of the application's, the function that is behind it, or a property of the
        /// global object.
        struct Anchor: Encodable {
            var name: String
            var script: String?
            /// Of the function, as in the file: from 0.
            var line: UInt32?

            init?(_ path: RetainingPath?, _ code: SuspectCode?) {
                if let variable = path?.variable {
                    (name, script) = (variable.name, variable.script)
                    if let code, code.place.script == variable.script { line = code.place.location.line }
                } else if let code {
                    (name, script, line) = (code.function, code.place.script, code.place.location.line)
                } else if let path, let global = path.globalName, let property = path.globalProperty {
                    name = global + property
                } else {
                    return nil
                }
            }
        }

        init(_ suspect: LeakSuspect, classes: [Part]) {
            sentence = SuspectText.sentence(suspect)
            kind = SuspectText.kind(suspect)
            `class` = suspect.className
            count = suspect.count
            retainedSize = suspect.retainedSize
            share = suspect.share
            anchor = Anchor(suspect.path, suspect.code)
            holder = suspect.holder.map(Object.init)
            path = PathStep.list(suspect.path)
            classCount = suspect.contents.count
            self.classes = classes
        }
    }

    struct BigObject: Encodable {
        var object: Object
        var path: [PathStep]
    }

    struct Duplicate: Encodable {
        var value: String
        /// Whether the strings go on.
        var isCut: Bool
        var count, size, retainedSize, wastedSize: UInt64

        init(_ duplicate: DuplicateString) {
            value = duplicate.value
            isCut = duplicate.isCut
            count = duplicate.count
            size = duplicate.size
            retainedSize = duplicate.retainedSize
            wastedSize = duplicate.wastedSize
        }
    }

    struct Function: Encodable {
        var function: String
        var scriptID: UInt32?
        var script: String?
        var line, column: UInt32?
        var count, shallowSize, retainedSize: UInt64

        init(_ summary: FunctionSummary, _ scripts: ScriptNames) {
            function = summary.function
            scriptID = summary.location?.scriptID
            script = summary.scopeOfScript ?? scripts[summary.location]
            line = summary.location?.line
            column = summary.location?.column
            count = summary.count
            shallowSize = summary.shallowSize
            retainedSize = summary.retainedSize
        }
    }

    struct Detached: Encodable {
        var name: String
        var count, retainedSize: UInt64
    }
}
