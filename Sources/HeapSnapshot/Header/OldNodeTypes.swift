/// The types of nodes in snapshots of old V8, which numbered symbols 12 (`HeapGraphNode::Type`) and listed types up to 11 in `meta`.
///
/// DevTools opens such a file.
enum OldNodeTypes {
    static let listed = [
        "hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic",
        "concatenated string", "sliced string",
    ]

    /// What followed. 13 and 14 were not the same in all of these versions: they are called by their numbers.
    private static let unlisted = ["symbol", "13", "14"]

    /// Names of the types that a document may use without listing them.
    /// - Parameter names: those that it lists.
    static func unlisted(after names: [String]) -> [String] { names == listed ? unlisted : [] }
}
