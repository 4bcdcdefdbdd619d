import Glibc

/// The Node that tests start.
enum TestNode {
    /// The pinned one, or the one that the environment names, which may be none.
    static let path: String? = {
        let asked = getenv("HEAPDUMP_TEST_NODE").map { String(cString: $0) }
        let path = asked ?? root + "/.build/node/22/bin/node"
        return access(path, X_OK) == 0 ? path : nil
    }()

    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/")

    static let isAvailable = path != nil
    static let skipReason = "there is no Node at .build/node/22, or HEAPDUMP_TEST_NODE names none"
    static let isRoot = geteuid() == 0
}
