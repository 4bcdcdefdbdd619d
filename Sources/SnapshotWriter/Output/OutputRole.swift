/// What a command writes, and how its place is chosen: for messages about a place where it cannot go.
public struct OutputRole: Sendable {
    let noun: String
    /// The one that names the file.
    let option: String
    /// Whether the path of a directory will do.
    let goesIntoDirectories: Bool

    public static let snapshot = OutputRole(noun: "snapshot", option: "--output", goesIntoDirectories: true)
    public static let page = OutputRole(noun: "page", option: "--output", goesIntoDirectories: false)
    public static let database = OutputRole(noun: "database", option: "--sqlite", goesIntoDirectories: false)
}
