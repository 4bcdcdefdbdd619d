extension HeapAnalysis {
    /// Those of some names that functions of the heap bear: classes are functions too.
    func functions(named names: [String]) -> Set<String> {
        guard !names.isEmpty else { return [] }
        var byString: [UInt32: String] = [:]
        for index in 0..<columns.strings.count {
            let text = columns.strings[index]
            for name in names where text.elementsEqual(name.utf8) { byString[UInt32(index)] = name }
        }
        guard !byString.isEmpty else { return [] }
        var found: Set<String> = []
        for node in 0..<graph.nodeCount where graph.type[node] == graph.types.closure {
            if let name = byString[graph.name[node]] { found.insert(name) }
        }
        return found
    }
}
