/// How many rows the lists of a report have at most.
struct ListLengths {
    var classes: Int
    var strings: Int
    /// Closures, and contexts.
    var functions: Int
    /// Classes that a suspect consists of.
    var contents: Int
    /// Owners of ArrayBuffers.
    var owners: Int
    /// Few heaps have any.
    var hiddenClasses = Int.max
    var detached = Int.max

    static let short = ListLengths(50)
    static let all = ListLengths(.max)
}

extension ListLengths {
    private init(_ length: Int) {
        self.init(classes: length, strings: length, functions: length, contents: length, owners: length)
    }
}
