import Glibc

/// Why a test cannot go on.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// With the reason that the kernel gave last.
    init(errno operation: String) {
        self.init("\(operation): \(String(cString: strerror(errno)))")
    }
}
