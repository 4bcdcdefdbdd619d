import HeapSnapshot

/// What ES modules export: V8 keeps each variable in a cell, and the module has a table that has the name beside the cell.
struct ModuleExports {
    struct Export {
        /// A string of the document.
        let name: UInt32
        /// A `SourceTextModule` of V8's.
        let module: Int
    }

    private let graph: HeapGraph
    private var byCell: [Int: Export] = [:]
    /// A file may say that modules share one.
    private var seen: Set<Int> = []

    init(_ graph: HeapGraph) {
        self.graph = graph
        for module in 0..<graph.nodeCount
        where graph.tag(ofNode: module) == .sourceTextModule && graph.type[module] == graph.types.hidden {
            for index in graph.edges(of: module) where PackedEdge.type(graph.edge[index]) == EdgeType.hidden.rawValue {
                let table = PackedEdge.target(graph.edge[index])
                if graph.type[table] == graph.types.array, seen.insert(table).inserted { add(table, of: module) }
            }
        }
    }

    private mutating func add(_ table: Int, of module: Int) {
        var name: UInt32?
        for index in graph.edges(of: table) {
            let target = PackedEdge.target(graph.edge[index])
            if graph.type[target] == graph.types.string {
                name = graph.name[target]
            } else if let known = name, graph.tag(ofNode: target) == .cell {
                // A re-exported cell is in the tables of several modules: the first table wins.
                if byCell[target] == nil { byCell[target] = Export(name: known, module: module) }
                name = nil
            }
        }
    }

    subscript(cell: Int) -> Export? { byCell[cell] }

    /// A function of the module's: its code, which it keeps while and after it runs.
    func function(of module: Int) -> Int? {
        for index in graph.edges(of: module) {
            let target = PackedEdge.target(graph.edge[index])
            if graph.type[target] == graph.types.closure { return target }
            guard graph.tag(ofNode: target) == .generator else { continue }
            for inner in graph.edges(of: target) {
                guard PackedEdge.type(graph.edge[inner]) == EdgeType.internal.rawValue else { continue }
                let function = PackedEdge.target(graph.edge[inner])
                if graph.type[function] == graph.types.closure { return function }
            }
        }
        return nil
    }
}
