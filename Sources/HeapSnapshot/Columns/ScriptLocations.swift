/// Where something stands in a script.
public struct ScriptLocation: BitwiseCopyable, Hashable, Sendable {
    public let scriptID: UInt32
    /// From 0, as V8 counts.
    public let line: UInt32
    /// From 0, as V8 counts.
    public let column: UInt32

    public init(scriptID: UInt32, line: UInt32, column: UInt32) {
        (self.scriptID, self.line, self.column) = (scriptID, line, column)
    }
}

/// Where functions, and the constructors of objects, stand in their scripts. Many nodes share a place: each is kept once.
public struct ScriptLocations: Sendable {
    /// A row of the document.
    public struct Row: BitwiseCopyable, Sendable {
        /// Of the node.
        public let ordinal: UInt32
        /// In `places`.
        public let place: UInt32
    }

    /// In the document's order.
    public let rows: Column<Row>
    /// All of them different.
    public let places: Column<ScriptLocation>

    /// For a place among `places`.
    @inlinable
    public subscript(place: UInt32) -> ScriptLocation { places[Int(place)] }
}
