import HeapSnapshot

/// What ES modules export: V8 keeps each variable in a cell, and the module has a table that has the name beside the cell. A module that
/// exports what is another's has the cell in its table too; the module that owns it has it in a list of its own as well.
struct ModuleExports {
    struct Export {
        /// A string of the document.
        let name: UInt32
        /// A `SourceTextModule` of V8's.
        let module: Int
    }

    private let graph: HeapGraph
    private var byCell: [Int: Export] = [:]
    /// Cells whose owner is known.
    private var owned: Set<Int> = []
    /// A file may say that modules share one.
    private var seen: Set<Int> = []

    init(_ graph: HeapGraph) {
        self.graph = graph
        for module in 0..<graph.nodeCount
        where graph.tag(ofNode: module) == .sourceTextModule && graph.type[module] == graph.types.hidden {
            let own = ownCells(of: module)
            for index in graph.edges(of: module) where PackedEdge.type(graph.edge[index]) == EdgeType.hidden.rawValue {
                let table = PackedEdge.target(graph.edge[index])
                if graph.type[table] == graph.types.array, seen.insert(table).inserted { add(table, of: module, own) }
            }
        }
    }

    /// V8 has the list of its own regular exports after the module's code, and those that it imports after that.
    private mutating func ownCells(of module: Int) -> Set<Int> {
        let edges = graph.edges(of: module).filter { PackedEdge.type(graph.edge[$0]) == EdgeType.hidden.rawValue }
        guard let code = edges.first(where: { isCode(PackedEdge.target(graph.edge[$0])) }),
            let list = edges.first(where: { graph.edgeName[$0] == graph.edgeName[code] &+ 1 })
        else { return [] }
        let cells = PackedEdge.target(graph.edge[list])
        guard graph.type[cells] == graph.types.array, seen.insert(cells).inserted else { return [] }
        return Set(graph.edges(of: cells).map { PackedEdge.target(graph.edge[$0]) })
    }

    private func isCode(_ node: Int) -> Bool {
        graph.type[node] == graph.types.closure || graph.type[node] == graph.types.code
            || graph.tag(ofNode: node) == .generator
    }

    private mutating func add(_ table: Int, of module: Int, _ own: Set<Int>) {
        var name: UInt32?
        for index in graph.edges(of: table) {
            let target = PackedEdge.target(graph.edge[index])
            if graph.type[target] == graph.types.string {
                name = graph.name[target]
            } else if let known = name, graph.tag(ofNode: target) == .cell {
                if own.contains(target) ? owned.insert(target).inserted : byCell[target] == nil {
                    byCell[target] = Export(name: known, module: module)
                }
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
