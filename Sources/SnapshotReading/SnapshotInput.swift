import Glibc

/// Where a snapshot is read from: a file or standard input, compressed or not.
public struct SnapshotInput: Sendable {
    /// As people read it.
    public let name: String
    /// The bytes of its name, ended by a NUL.
    public let path: [CChar]

    /// - Parameter name: `-` is standard input.
    public init(name: String, path: [CChar]) {
        self.name = name
        self.path = path
    }

    func open() throws(InputError) -> Int32 {
        let descriptor = name == "-" ? dup(STDIN_FILENO) : Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.error("open") }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        return descriptor
    }

    static func error(_ operation: String) -> InputError {
        InputError("cannot \(operation) it: " + String(cString: strerror(errno)))
    }
}
