public import HeapSnapshot

/// Where code stands.
public struct CodePlace: Sendable, Equatable {
    public let location: ScriptLocation
    /// URL or path; nil where it is not known, empty for a script without a name.
    public let script: String?

    public init(location: ScriptLocation, script: String?) {
        (self.location, self.script) = (location, script)
    }

    /// Whether it is in a script that Node brings along.
    public var isNodes: Bool { script?.utf8.starts(with: "node:".utf8) ?? false }
}

/// A result that has a place in the program's source, if that is known. JSON has the place's parts beside the others.
public protocol Placed {
    var scriptID: UInt32? { get set }
    /// URL or path; nil where it is not known, empty for a script without a name.
    var script: String? { get set }
    /// From 0.
    var line: UInt32? { get set }
    /// From 0.
    var column: UInt32? { get set }
}

extension Placed {
    public var place: CodePlace? {
        get {
            guard let scriptID, let line, let column else { return nil }
            return CodePlace(location: ScriptLocation(scriptID: scriptID, line: line, column: column), script: script)
        }
        set {
            (scriptID, script) = (newValue?.location.scriptID, newValue?.script)
            (line, column) = (newValue?.location.line, newValue?.location.column)
        }
    }
}
