import HeapSnapshot

/// What people know an object by, and which of two they are to be told of.
extension HeapAnalysis {
    /// Of what its holder holds: a node with more is the one to tell of, for the holder only passes that on.
    private static let nearlyAll = 0.8

    /// - Parameter holder: a node that dominates the other one.
    func holdsNearlyAll(_ node: Int, of holder: Int) -> Bool {
        Double(tree.retainedSizes[node]) >= Self.nearlyAll * Double(tree.retainedSizes[holder])
    }

    /// Whether it keeps the parts of another, which people know it by: a store of V8's.
    func isStore(_ node: Int) -> Bool {
        let type = graph.type[node]
        return type == graph.types.array || type == graph.types.hidden || type == graph.types.code
    }

    /// Of a string's text, in bytes.
    /// - Returns: nil where the text may go on: V8 writes no more of one, unless it is told to.
    func writtenLength(of string: Int) -> Int? {
        let length = columns.strings[Int(graph.name[string])].count
        return length < 1024 ? length : nil
    }

    /// Whether the class is one that every heap has much of, whatever the program does.
    func isCategory(classIndex: Int) -> Bool {
        isV8s(classIndex: classIndex) || ["Function", "Array", "Object"].contains(names.name(of: classIndex))
    }

    /// Whether a program cannot name it.
    func isV8s(classIndex: Int) -> Bool {
        let name = names.name(of: classIndex)
        return name.hasPrefix("(") || name.hasPrefix("system / ")
    }
}
