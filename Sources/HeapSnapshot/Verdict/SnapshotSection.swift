/// A top-level member of a `.heapsnapshot` document, in the order in which V8 writes them
/// (`HeapSnapshotJSONSerializer::SerializeImpl` in V8's `heap-snapshot-generator.cc`).
public enum SnapshotSection: String, Sendable, Equatable, CaseIterable {
    /// Outside any section: the enclosing object, its keys and what follows it.
    case document
    /// The header: `meta` and the declared counts.
    case snapshot
    /// The flat array of node rows.
    case nodes
    /// The flat array of edge rows.
    case edges
    /// The flat array of functions seen by allocation tracking.
    case traceFunctionInfos = "trace_function_infos"
    /// The nested array of allocation stacks.
    case traceTree = "trace_tree"
    /// The flat array of allocation timeline samples.
    case samples
    /// The flat array of source locations of objects.
    case locations
    /// The array of strings that the other sections index.
    case strings
    /// A section this tool does not know: checked as JSON and skipped.
    case unknown

    /// The place in the required order, nil for what has no place of its own.
    var rank: Int? {
        switch self {
        case .document, .unknown: nil
        case .snapshot: 0
        case .nodes: 1
        case .edges: 2
        case .traceFunctionInfos: 3
        case .traceTree: 4
        case .samples: 5
        case .locations: 6
        case .strings: 7
        }
    }

    /// Whether the section is one of the known arrays.
    var isArray: Bool { rank ?? 0 > 0 }

    /// The known sections, in the required order.
    static let ranked: [SnapshotSection] = [
        .snapshot, .nodes, .edges, .traceFunctionInfos, .traceTree, .samples, .locations, .strings,
    ]
}
