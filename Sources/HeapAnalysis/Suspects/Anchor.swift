/// Where a person can begin to look: a variable of the application's, the function that is behind it, or a property of the
/// global object.
public struct Anchor: Encodable, Sendable {
    public let name: String
    public private(set) var script: String?
    /// Of the function, from 0.
    public private(set) var line: UInt32?

    public init?(_ path: RetainingPath?, _ code: SuspectCode?) {
        if let variable = path?.variable {
            (name, script) = (variable.name, variable.script)
            if let code, code.place.script == variable.script { line = code.place.location.line }
        } else if let code {
            (name, script, line) = (code.function, code.place.script, code.place.location.line)
        } else if let path, let global = path.globalName, let property = path.globalProperty {
            name = global + property
        } else {
            return nil
        }
    }
}
