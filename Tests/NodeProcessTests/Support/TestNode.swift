import Glibc

/// The Node that tests start.
enum TestNode {
    static let path: String? = {
        let candidates = [getenv("HEAPDUMP_TEST_NODE").map { String(cString: $0) }, "/usr/bin/node"]
        return candidates.compactMap { $0 }.first { access($0, X_OK) == 0 }
    }()

    static let isAvailable = path != nil
    static let skipReason = "there is no node: set HEAPDUMP_TEST_NODE"
    static let isRoot = geteuid() == 0
}
