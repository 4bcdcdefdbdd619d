/// A way to dump that every plain process can be dumped by.
enum Way: String, CaseIterable {
    /// By a forked copy: the default.
    case fork
    /// In the process itself.
    case inspector

    /// For heapdump: this way alone, so that a test of one is not passed by the other.
    var options: [String] { ["-m", rawValue] }
}

/// A way on a release of Node, for tests whose other argument is their own.
struct Dumping: CustomStringConvertible {
    let node: Node
    let way: Way

    static let all = Node.supported.flatMap { node in Way.allCases.map { Dumping(node: node, way: $0) } }

    var description: String { "\(node) by \(way)" }
}
