import HeapSnapshot

/// How an edge counts when paths are merged.
struct PathLabel: Hashable {
    enum Kind: UInt8 {
        case root
        case property
        /// Of an object that has very many.
        case anyProperty
        case element
        /// A variable of a function's context.
        case variable
        /// V8's own, with a name.
        case ownEdge
        /// V8's own, with a number: the entries of its tables.
        case entry
        /// From a key of a WeakMap, or its table, to the value.
        case pair

        /// Whether objects that are reached so are many of a kind.
        var isFolded: Bool {
            switch self {
            case .anyProperty, .element, .entry, .pair: true
            case .root, .property, .variable, .ownEdge: false
            }
        }
    }

    let kind: Kind
    /// A string of the document; 0 where the kind says all.
    let name: UInt32

    var hasName: Bool { !kind.isFolded && kind != .root }

    init(_ kind: Kind, _ name: UInt32 = 0) {
        self.kind = kind
        self.name = name
    }
}

extension HeapGraph {
    /// A method, since an initializer would take a copy of the graph for each edge.
    /// - Parameter isDictionary: whether the edge's source has so many properties that their names say nothing.
    func pathLabel(ofEdge edge: Int, isDictionary: Bool) -> PathLabel {
        let name = edgeName[edge]
        switch EdgeType(rawValue: PackedEdge.type(self.edge[edge])) {
        case .element: return PathLabel(.element)
        case .hidden: return PathLabel(.entry)
        case .context: return PathLabel(.variable, name)
        case .internal:
            if tag(ofEdge: edge) == .weakMapPair { return PathLabel(.pair) }
            return isNumbered(edge) ? PathLabel(.entry) : PathLabel(.ownEdge, name)
        default: return isDictionary ? PathLabel(.anyProperty) : PathLabel(.property, name)
        }
    }
}
