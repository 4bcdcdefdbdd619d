public import HeapSnapshot

/// The names of scripts, which the document tells by numbers alone: a function leads to its script.
public struct ScriptNames: Sendable {
    /// Places of strings: many scripts may have one long name.
    private var names: [UInt32: UInt32] = [:]
    private let strings: StringColumn

    init(_ graph: HeapGraph) {
        strings = graph.columns.strings
        guard let locations = graph.columns.locations else { return }
        // Of the places, whether their scripts are named by now.
        var isNamed = [Bool](repeating: false, count: locations.places.count)
        // A function may have many rows, and many functions share what leads to the script: each is looked through once.
        var known: [Int: Int?] = [:]
        func target(of node: Int, _ tag: TextTag) -> Int? {
            if let known = known[node] { return known }
            let target = graph.internalTarget(of: node, where: { $0 == tag })
            known[node] = .some(target)
            return target
        }
        for row in locations.rows.values where !isNamed[Int(row.place)] {
            let scriptID = locations[row.place].scriptID
            if names[scriptID] != nil {
                isNamed[Int(row.place)] = true
                continue
            }
            let node = Int(row.ordinal)
            guard graph.type[node] == graph.types.closure, let shared = target(of: node, .shared),
                graph.type[shared] != graph.types.closure, let script = target(of: shared, .script)
            else { continue }
            // With a debugger attached there is something in between.
            let isScript = graph.type[script] == graph.types.code
            guard isScript else { continue }
            let name = graph.name[script]
            names[scriptID] = strings[Int(name)].starts(with: "system / ".utf8) ? nil : name
        }
    }

    /// nil where it is not known; empty for a script without a name.
    public subscript(scriptID: UInt32) -> String? { names[scriptID].map { HeapText.name(strings[Int($0)]) } }

    public subscript(location: ScriptLocation?) -> String? { location.flatMap { self[$0.scriptID] } }

    /// Whether it is one that Node brings along.
    func isNodes(_ scriptID: UInt32) -> Bool {
        names[scriptID].map { strings[Int($0)].starts(with: "node:".utf8) } ?? false
    }
}
