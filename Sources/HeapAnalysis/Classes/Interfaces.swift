import HeapSnapshot

/// A list of properties that many plain objects have: DevTools makes a class of them, `{a, b}`.
public struct Interface: Sendable, Equatable {
    public let name: [UInt8]
    /// UTF-8 or WTF-8.
    public let properties: [[UInt8]]
}

/// Finds the interfaces of a heap's plain objects (`inferInterfaceDefinitions`).
enum InterfaceInference {
    private static let leastObjects = 2.0
    /// One of so many plain objects must have it. Older versions of DevTools had a limit to the number of interfaces instead.
    private static let objectsPerInterface = 1000.0

    /// - Returns: nil where there is no memory.
    static func interfaces(_ graph: HeapGraph, _ shapes: ObjectShapes) -> [Interface]? {
        guard var candidates = InterfaceCandidates(graph) else { return nil }
        for shape in shapes.shapes {
            guard candidates.add(shapes.properties(of: shape), count: shape.count) else { return nil }
        }
        return candidates.interfaces(atLeast: max(leastObjects, Double(shapes.objectCount) / objectsPerInterface))
    }

    private static let special = Set(",'\"{}".utf8)

    /// Names with characters that have a meaning here are quoted.
    static func format(_ property: [UInt8]) -> [UInt8] {
        property.contains(where: special.contains) ? JavaScriptText.quoted(property) : property
    }
}
