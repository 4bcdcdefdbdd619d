import HeapSnapshot

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
        var scripts = FunctionScripts(graph)
        for row in locations.rows.values where !isNamed[Int(row.place)] {
            let scriptID = locations[row.place].scriptID
            if names[scriptID] != nil {
                isNamed[Int(row.place)] = true
                continue
            }
            if let name = scripts.name(ofFunction: Int(row.ordinal)) { names[scriptID] = name }
        }
    }

    /// nil where it is not known; empty for a script without a name.
    public subscript(scriptID: UInt32) -> String? { names[scriptID].map { HeapText.name(strings[Int($0)]) } }

    func place(of location: ScriptLocation?) -> CodePlace? {
        location.map { CodePlace(location: $0, script: self[$0.scriptID]) }
    }

    /// - Parameter made: names by the places of their strings. Many rows that are kept may have one long name, which is made once.
    func place(of location: ScriptLocation?, _ made: inout [UInt32: String]) -> CodePlace? {
        guard let location else { return nil }
        guard let string = names[location.scriptID] else { return CodePlace(location: location, script: nil) }
        let script = made[string] ?? HeapText.name(strings[Int(string)])
        made[string] = script
        return CodePlace(location: location, script: script)
    }

    /// Whether it is one that Node brings along.
    func isNodes(_ scriptID: UInt32) -> Bool {
        names[scriptID].map { strings[Int($0)].starts(with: "node:".utf8) } ?? false
    }
}
