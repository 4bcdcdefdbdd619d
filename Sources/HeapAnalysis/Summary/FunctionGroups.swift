import HeapSnapshot

/// The closures of one function, or the contexts that they keep alive.
public struct FunctionSummary: Placed, Encodable, Sendable {
    /// Empty for one without a name.
    public let function: String
    public var scriptID: UInt32?
    public var script: String?
    public var line, column: UInt32?
    public let count: UInt64
    /// In bytes.
    public let shallowSize: UInt64
    /// In bytes; of those that no other of the group holds.
    public let retainedSize: UInt64

    /// The script whose outermost variables these are, such as those of a CommonJS module: they are no one function's. Nil for all else.
    public var scopeOfScript: String? { scriptID == nil ? script : nil }
}

/// Groups closures by their functions, and contexts by the functions that hold them: what leaks by closures shows as one function
/// with many.
///
/// Who belongs together is found first, which needs no more than the heap's graph; the sizes are added up when they are known.
struct FunctionGroups: Sendable {
    struct Summaries: Sendable {
        let closures: FunctionList
        let contexts: FunctionList
    }

    private struct Key: Sendable {
        let name: UInt32
        /// In `ScriptLocations.places`; nil where it is not known.
        let place: UInt32?

        var hash: UInt64 { TextHash.of(UInt64(place ?? .max) &<< 32 | UInt64(name)) }

        func isSame(_ other: Key) -> Bool { name == other.name && place == other.place }
    }

    private let graph: HeapGraph
    /// By the number of a group of closures. The contexts of these closures are a group with a number higher by their count.
    private var keys: [Key] = []
    /// Strings that scripts are called by, whose outermost contexts are groups after those of all closures' contexts.
    private var scopes: [UInt32] = []
    /// By closure and context, from 1.
    private let groups: SparseColumn

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph) {
        guard let members = BitColumn(count: graph.nodeCount) else { return nil }
        let closure = graph.types.closure
        for node in 0..<graph.nodeCount where graph.type[node] == closure { members.set(node) }
        Self.forEachContext(of: members, graph) { _, context in members.set(context) }
        guard let groups = SparseColumn(members, nodeCount: graph.nodeCount), var table = HashTable(capacity: 1 << 10)
        else { return nil }
        self.graph = graph
        self.groups = groups
        if let locations = graph.columns.locations {
            for row in locations.rows.values where graph.type[Int(row.ordinal)] == closure {
                guard assign(Int(row.ordinal), row.place, &table) else { return nil }
            }
        }
        var hasMemory = true
        members.forEach { node in
            guard graph.type[node] == closure, groups[node] == 0 else { return }
            if hasMemory { hasMemory = assign(node, nil, &table) }
        }
        guard hasMemory else { return nil }
        // A context belongs to the first closure that has it, and a script's outermost to the script: all of its functions have that.
        var scripts = FunctionScripts(graph)
        var scopeOfScript: [UInt32: UInt32] = [:]
        Self.forEachContext(of: members, graph) { closure, context in
            guard groups[context] == 0 else { return }
            guard Self.isOutermost(context, graph), let script = scripts.name(ofFunction: closure),
                !graph.columns.strings[Int(script)].isEmpty
            else {
                groups[context] = groups[closure] + UInt32(keys.count)
                return
            }
            let scope = scopeOfScript[script] ?? UInt32(scopes.count)
            if scope == scopes.count {
                hasMemory = hasMemory && MemoryGuard.shared.admitsNext(scopes.count, of: 64)
                guard hasMemory else { return }
                scopeOfScript[script] = scope
                scopes.append(script)
            }
            groups[context] = UInt32(keys.count * 2) + scope + 1
        }
        guard hasMemory else { return nil }
    }

    private static func isOutermost(_ context: Int, _ graph: HeapGraph) -> Bool {
        let outer = graph.internalTarget(of: context, where: { $0 == .previous })
        return outer.map { graph.tag(ofNode: $0) == .nativeContext } ?? false
    }

    private mutating func assign(_ closure: Int, _ place: UInt32?, _ table: inout HashTable) -> Bool {
        let key = Key(name: graph.name[closure], place: place)
        let hash = key.hash
        let slot = table.slot(hash) { keys[$0].isSame(key) }
        if let number = table[slot] {
            groups[closure] = UInt32(number + 1)
            return true
        }
        // Closures and contexts of each are counted, too.
        guard MemoryGuard.shared.admitsNext(keys.count, of: 96) else { return false }
        keys.append(key)
        groups[closure] = UInt32(keys.count)
        return table.insert(keys.count - 1, hash, at: slot)
    }

    /// - Parameter members: all closures, and any contexts.
    @inline(__always)
    private static func forEachContext(
        of members: BitColumn, _ graph: HeapGraph, _ body: (_ closure: Int, _ context: Int) -> Void
    ) {
        members.forEach { node in
            guard graph.type[node] == graph.types.closure else { return }
            for index in graph.edges(of: node)
            where PackedEdge.type(graph.edge[index]) == EdgeType.internal.rawValue
                && graph.tag(ofEdge: index) == .context
            {
                let context = PackedEdge.target(graph.edge[index])
                if graph.type[context] != graph.types.closure, graph.tag(ofNode: context) == .functionContext {
                    body(node, context)
                }
            }
        }
    }

    /// As a table of groups counts them.
    struct Members: NodeGroups {
        let count: Int
        fileprivate let groups: SparseColumn

        @inline(__always)
        func group(of node: Int) -> Int { groups.has(node) ? Int(groups[node]) &- 1 : -1 }
    }

    var members: Members { Members(count: keys.count * 2 + scopes.count, groups: groups) }

    /// - Parameter table: of `members`.
    func summaries(_ table: GroupTable, _ scripts: ScriptNames) -> Summaries {
        func list(_ range: Range<Int>) -> FunctionList {
            let rows = table.rows
            let places = range.filter { rows[$0].count > 0 }
                .sorted { (rows[$1].retainedSize, rows[$1].count) < (rows[$0].retainedSize, rows[$0].count) }
            return FunctionList(places.map { UInt32(truncatingIfNeeded: $0) }, self, table, scripts)
        }
        return Summaries(closures: list(0..<keys.count), contexts: list(keys.count..<keys.count * 2 + scopes.count))
    }

    fileprivate func summary(_ index: Int, _ table: GroupTable, _ scripts: ScriptNames) -> FunctionSummary {
        let key = index < keys.count * 2 ? keys[index % keys.count] : nil
        let row = table.rows[index]
        var summary = FunctionSummary(
            function: key.map { HeapText.name(graph.columns.strings[Int($0.name)]) } ?? "", count: row.count,
            shallowSize: row.shallowSize, retainedSize: row.retainedSize)
        if let key {
            summary.place = scripts.place(of: key.place.flatMap { graph.columns.locations?[$0] })
        } else {
            summary.script = HeapText.name(graph.columns.strings[Int(scopes[index - keys.count * 2])])
        }
        return summary
    }
}

/// Functions of a heap, those with most retained size first.
///
/// Many may bear one long name: each name is made when it is asked for.
public struct FunctionList: RandomAccessCollection, Sendable {
    private let places: [UInt32]
    private let groups: FunctionGroups
    private let table: GroupTable
    private let scripts: ScriptNames

    /// - Parameter places: of groups, in the order in which they are told.
    fileprivate init(_ places: [UInt32], _ groups: FunctionGroups, _ table: GroupTable, _ scripts: ScriptNames) {
        (self.places, self.groups, self.table, self.scripts) = (places, groups, table, scripts)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { places.count }
    public subscript(position: Int) -> FunctionSummary { groups.summary(Int(places[position]), table, scripts) }
}
