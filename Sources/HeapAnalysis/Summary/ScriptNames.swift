public import HeapSnapshot

/// The names of scripts, which the document tells by numbers alone: a function leads to its script.
public struct ScriptNames: Sendable {
    private var names: [UInt32: String] = [:]

    init(_ graph: HeapGraph) {
        guard let locations = graph.columns.locations else { return }
        // Of the places, whether their scripts are named by now.
        var isNamed = [Bool](repeating: false, count: locations.places.count)
        for row in locations.rows.values where !isNamed[Int(row.place)] {
            let scriptID = locations[row.place].scriptID
            if names[scriptID] != nil {
                isNamed[Int(row.place)] = true
                continue
            }
            let node = Int(row.ordinal)
            guard graph.type[node] == graph.types.closure,
                let shared = graph.internalTarget(of: node, where: { $0 == .shared }),
                let script = graph.internalTarget(of: shared, where: { $0 == .script })
            else { continue }
            // With a debugger attached there is something in between.
            let isScript = graph.type[script] == graph.types.code
            guard isScript else { continue }
            let name = HeapText.string(graph.columns.strings[Int(graph.name[script])])
            names[scriptID] = name.hasPrefix("system / ") ? nil : name
        }
    }

    /// nil where it is not known; empty for a script without a name.
    public subscript(scriptID: UInt32) -> String? { names[scriptID] }

    public subscript(location: ScriptLocation?) -> String? { location.flatMap { names[$0.scriptID] } }
}
